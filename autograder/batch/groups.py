"""Group the students of a class who lose points by the same mistake that has no name.

Two students are in one group if a function of theirs lost the same checks and its probes returned the
same: arrays that agree as a fingerprint has to, or the same error. Only stored outputs are read; no
code of a student's runs.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.errors import AnswersError
from autograder.judging.shown import Shown, same, shown
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.results import CheckResult, Result

GROUPED = ("failed", "error")  # a function that is still to do has nothing to compare


@dataclass(frozen=True, slots=True)
class Group:
    """Students with one mistake that has no name.

    Attributes:
        id: "<function>-<digits>", the same whenever the same class is grouped.
        checks: the names of the checks that each of them loses.
        message: what they read now.
        members: their keys; the first one stands for all.
    """

    id: str
    function: str
    checks: tuple[str, ...]
    message: str
    members: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    """A group while it grows."""

    checks: tuple[str, ...]
    message: str
    shown: Shown
    members: list[str] = field(default_factory=list)


def groups(
    part: Part, results: Mapping[str, Result], outputs_of: Callable[[str], Outputs]
) -> list[Group]:
    """Return a class's groups, the largest first; a student alone is a group of one.

    Arguments:
        results: by the student's key.
        outputs_of: reads a student's stored outputs; called once for who loses points without a name.
    """
    found: dict[str, list[_Open]] = defaultdict(list)
    for key, result in sorted(results.items()):
        lost_by = unnamed(result)
        if not lost_by:
            continue
        try:
            outputs = outputs_of(key)
        except AnswersError:  # damaged since; who judges or grades again is told so
            continue
        for function, lost in lost_by.items():
            seen = shown(part, function, outputs)
            if seen is None:
                continue
            checks = tuple(check.name for check in lost)
            for group in found[function]:
                if group.checks == checks and same(group.shown, seen):
                    group.members.append(key)
                    break
            else:
                message = lost[0].message.partition("\n")[0]
                found[function].append(_Open(checks, message, seen, [key]))
    closed = [_closed(function, one) for function, many in found.items() for one in many]
    return sorted(closed, key=lambda group: (-len(group.members), group.id))


def _closed(function: str, group: _Open) -> Group:
    id = id_of(function, group.checks, group.shown)
    return Group(id, function, group.checks, group.message, tuple(group.members))


def id_of(function: str, checks: Sequence[str], seen: Shown) -> str:
    """Name a group after what its first member shows, so that its id stays from run to run.

    Two groups of any two classes have one id only if they show the same.
    """
    digest = hashlib.sha256("\0".join(checks).encode())
    for probe, one in sorted(seen.items()):
        digest.update(f"\0{probe}\0{one if isinstance(one, str) else ''}".encode(errors="replace"))
        for name, array in () if isinstance(one, str) else sorted(one.items()):
            digest.update(f"\0{name}\0{array.dtype.str}{array.shape}\0".encode())
            digest.update(array.tobytes())
    return f"{function}-{digest.hexdigest()[:8]}"


def unnamed(result: Result) -> dict[str, list[CheckResult]]:
    """Return the lost checks of each function in which no check has a name."""
    lost: dict[str, list[CheckResult]] = defaultdict(list)
    for check in result.checks:
        if check.status in GROUPED and not check.withheld:
            lost[check.function].append(check)
    return {f: checks for f, checks in lost.items() if not any(c.mistake for c in checks)}

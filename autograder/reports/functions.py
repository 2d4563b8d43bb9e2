"""A result function by function, in the order of the students' file: points, and what is to mend."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import parts
from autograder.errors import SourceError
from autograder.files import parse
from autograder.reports.messages import brief, said_by_all
from autograder.results import CheckResult, Result

UNTRIED = ("error", "skipped")  # no check of the function was judged


@dataclass(frozen=True, slots=True)
class Function:
    """A student's function and its checks."""

    name: str
    checks: tuple[CheckResult, ...]

    @property
    def score(self) -> float:
        """The points that it earned."""
        return sum(check.score for check in self.checks)

    @property
    def full(self) -> float:
        """The points that it can earn."""
        return sum(check.max_score for check in self.checks)

    @property
    def lost(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if check.status != "passed")

    @property
    def passed(self) -> tuple[CheckResult, ...]:
        """The checks that passed."""
        return tuple(check for check in self.checks if check.status == "passed")

    @property
    def reason(self) -> str:
        """The first line of what all checks say, if nothing of the function was judged; else ""."""
        first = self.checks[0]
        if first.status not in UNTRIED or len({check.status for check in self.checks}) > 1:
            return ""
        if any(check.withheld for check in self.checks):
            return ""
        lines = {brief(check).partition("\n")[0] for check in self.checks}
        return lines.pop() if len(lines) == 1 else ""


def functions_of(result: Result) -> list[Function]:
    """Return the functions of a result, in the order of the file that students get."""
    groups: dict[str, list[CheckResult]] = {}
    for check in result.checks:
        groups.setdefault(check.function, []).append(check)
    places = {name: place for place, name in enumerate(in_file(result.part))}
    names = sorted(groups, key=lambda name: places.get(name, len(places)))
    return [Function(name, tuple(groups[name])) for name in names]


def alike(functions: Iterable[Function]) -> list[list[Function]]:
    """Group functions that failed for one reason before anything was judged; others stay alone.

    A group stands where its first function does.
    """
    groups: dict[tuple[str, str], list[Function]] = {}
    for function in functions:
        same = (
            (function.checks[0].status, function.reason) if function.reason else ("", function.name)
        )
        groups.setdefault(same, []).append(function)
    return list(groups.values())


def failed_whole(result: Result) -> str:
    """Return the one reason for which nothing of a result was judged; "" if there is none."""
    told = said_by_all(result.checks)
    if told:
        return told if result.checks[0].status in UNTRIED else ""
    groups = alike(functions_of(result))
    return groups[0][0].reason if len(groups) == 1 and len(groups[0]) > 1 else ""


def next_of(results: Sequence[Result]) -> str:
    """Return the function to mend next: the first one, in the file's order, that lost a check."""
    for result in results:
        for function in functions_of(result):
            if function.lost:
                return function.name
    return ""


def in_file(part: str) -> tuple[str, ...]:
    """Return the functions and classes that a part's file defines, in its order; () if unknown."""
    try:
        known = parts.get(part)
    except SourceError:
        return ()
    path = next((path for path in (known.stub, known.solution) if path.is_file()), None)
    return _defined(path, path.stat().st_mtime_ns) if path else ()


@functools.lru_cache(maxsize=16)
def _defined(path: Path, changed: int) -> tuple[str, ...]:
    """Return what a file defines; `changed`, its time, keeps the cache up to date."""
    try:
        tree = parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ()  # a student's own copy, beside which `check` runs, may be anything
    kinds = (ast.FunctionDef, ast.ClassDef)
    return tuple(node.name for node in tree.body if isinstance(node, kinds))

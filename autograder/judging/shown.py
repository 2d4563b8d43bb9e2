"""What a function's probes show of it, and whether two functions show the same."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.judging import errors
from autograder.judging.fingerprints import alike, features_of, first_line
from autograder.judging.naming import STYLE
from autograder.outputs import Array, Outputs
from autograder.parts import GIVEN, Part

TOLD = ("ok", "slip", "error")  # a time limit or a crash tells nothing about the mistake
Shown = Mapping[str, str | Mapping[str, Array]]  # by probe: the features of its arrays, or an error


def shown(part: Part, function: str, outputs: Outputs) -> Shown | None:
    """Return what a function's probes sent: features of arrays, or an error; None if that says nothing.

    Where a probe gave the function right versions of others to call, only that probe tells about it.
    """
    found: dict[str, str | Mapping[str, Array]] = {}
    for probe in telling_probes(part, function):
        status = outputs.statuses.get(probe)
        if status is None or status.status not in TOLD:
            return None
        if status.status != "ok":
            found[probe] = first_line(status.status, status.message)
        else:
            found[probe] = _features(outputs.of(probe))
    return found or None


def shown_right(part: Part, function: str, answers: Mapping[str, Array]) -> Shown:
    """Return what a right function shows."""
    outputs = Outputs(part.name, answers)
    return {probe: _features(outputs.of(probe)) for probe in telling_probes(part, function)}


def telling_probes(part: Part, function: str) -> list[str]:
    """Return the probes that tell about a function alone."""
    names = part.probes_of(function)
    return [name for name in names if GIVEN in name] or names


def same(one: Shown, other: Shown) -> bool:
    """Return whether two functions show the same, as far as machines and chance let them."""
    return one.keys() == other.keys() and all(_agree(one[p], other[p]) for p in one)


def _features(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: array for name, array in features_of(arrays).items() if name not in STYLE}


def _agree(one: str | Mapping[str, Array], other: str | Mapping[str, Array]) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and errors.same(one, other)
    return one.keys() == other.keys() and all(alike(n, one[n], other[n]) for n in one)

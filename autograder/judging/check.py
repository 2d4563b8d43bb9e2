"""A check, as its mark in the suite declares it, and its verdict on one submission."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass, field

import pytest

from autograder.errors import SourceError


@dataclass(frozen=True, slots=True)
class Check:
    """One test of a suite, as its mark declares it.

    `rests_on` names other checks. One of them must pass for this one to count, because this one reads
    flags and counters, which a worker could send without computing anything.
    """

    name: str
    title: str
    points: float
    probe: str
    instead: str | None
    public: bool
    figure: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdict:
    """A check's verdict on one submission.

    `failure` is None if it passed, else the message to the student. `blocked` means that the probe
    returned no arrays. `measured` is the check's figure, None if there is none or it is not finite.
    `suspicion` tells staff why the figure does not count.
    `read` and `answers_read` are the keys of the outputs and answers that the check read.
    """

    check: Check
    failure: str | None = None
    blocked: bool = False
    remarks: list[str] = field(default_factory=list)
    measured: float | None = None
    suspicion: str = ""
    read: set[str] = field(default_factory=set)
    answers_read: set[str] = field(default_factory=set)

    def measure(self, value: float) -> None:
        """Record the check's figure; None if it is not finite, which odd arrays can cause."""
        self.measured = float(value) if math.isfinite(value) else None

    def suspect(self, text: str) -> None:
        """Record why the figure does not count."""
        self.suspicion = text


def declared(item: pytest.Item) -> Check:
    """Return the check that a collected test declares; raise SourceError if it is incomplete."""
    mark = item.get_closest_marker("check")
    if mark is None or "points" not in mark.kwargs or "probe" not in mark.kwargs:
        raise SourceError(f"{item.name}: needs @pytest.mark.check(points=..., probe=...)")
    function = getattr(item, "function", None)
    title = (inspect.getdoc(function) or "").strip()
    if not title:
        raise SourceError(f"{item.name}: needs a docstring, the line that the student reads")
    figure = str(mark.kwargs.get("figure", ""))
    if bool(figure) is not ("measured" in getattr(item, "fixturenames", ())):
        raise SourceError(f"{item.name}: figure=... in its mark and `measured` go together")
    return Check(
        name=item.name.removeprefix("test_"),
        title=title.splitlines()[0],
        points=float(mark.kwargs["points"]),
        probe=str(mark.kwargs["probe"]),
        instead=mark.kwargs.get("instead"),
        public=bool(mark.kwargs.get("public", False)),
        figure=figure,
        rests_on=tuple(mark.kwargs.get("rests_on", ())),
    )

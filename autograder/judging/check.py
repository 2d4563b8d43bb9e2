"""A check, as its mark in the suite declares it, and what it says about one submission."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field

import pytest

from autograder.errors import SourceError


@dataclass(frozen=True, slots=True)
class Check:
    """One test of a suite, as its mark declares it."""

    name: str
    title: str
    points: float
    probe: str
    instead: str | None
    public: bool
    figure: str = ""


@dataclass(slots=True)
class Verdict:
    """What a check said about one submission.

    `failure` is None where it passed, else the student's message; `blocked` says that the probe gave
    no arrays; `measured` is the check's figure, None where it has none that is finite; `read` and
    `answers_read` list the keys of the outputs and answers that were looked at.
    """

    check: Check
    failure: str | None = None
    blocked: bool = False
    remarks: list[str] = field(default_factory=list)
    measured: float | None = None
    read: set[str] = field(default_factory=set)
    answers_read: set[str] = field(default_factory=set)


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
    )

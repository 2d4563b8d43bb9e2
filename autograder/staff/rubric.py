"""The rubric: every check with its points, and how much there is to write, as a page of the docs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from autograder.judging.check import Check
from autograder.judging.suite import Suite
from autograder.parts import Part
from autograder.reports.functions import in_file
from autograder.staff.stubs import BEGIN, END, INSTEAD

# What the hours are estimated from, in minutes. Nobody has timed students.
A_LINE = (2, 4)  # of the solution
A_FUNCTION = 10  # to read what it shall do, and to check it
A_QUESTION = 20  # written answer in the notebook


@dataclass(frozen=True, slots=True)
class Work:
    """How much students write for a part: functions, lines of the solution, written answers."""

    functions: int
    lines: int
    questions: int

    @property
    def hours(self) -> tuple[int, int]:
        """The estimate, from and to, in whole hours; at least one."""
        rest = A_FUNCTION * self.functions + A_QUESTION * self.questions
        low, high = (round((rest + minutes * self.lines) / 60) for minutes in A_LINE)
        return max(1, low), max(1, high)


@dataclass(frozen=True, slots=True)
class Rubric:
    """A part, its checks, and the work that it is."""

    part: Part
    checks: Sequence[Check]
    work: Work

    @property
    def points(self) -> float:
        """All of its points."""
        return sum(check.points for check in self.checks)

    @property
    def public(self) -> float:
        """The points of the checks that students can run themselves."""
        return sum(check.points for check in self.checks if check.public)


def rubric(part: Part) -> Rubric:
    """Read a part's suite, solution and notebook; functions are in the order of the students' file.

    Raises SourceError if the suite is incomplete.
    """
    places = {name: place for place, name in enumerate(in_file(part.name))}
    with Suite(part.suite) as suite:
        checks = sorted(suite.checks, key=lambda check: places.get(check.probe, len(places)))
    return Rubric(part, tuple(checks), work(part))


def work(part: Part) -> Work:
    """Count what students write for a part; nothing, if its file is another part's."""
    if part.file:
        return Work(0, 0, 0)
    lines = _marked(part.solution.read_text(encoding="utf-8"))
    return Work(len(part.functions()), lines, _questions(part))


def page(rubrics: Sequence[Rubric], command: str) -> str:
    """Return the rubric as Markdown, with the command that wrote it."""
    low, high = A_LINE
    lines = [
        "# Rubric",
        "",
        f"`{command}` writes this page, from the suites.",
        "",
        "Students can run a *public* check themselves, as often as they like: `autograder check` does",
        "it. The other checks are hidden: they ask with other inputs, and look at gradients, too.",
        "",
        "| part | points | of these public | functions | lines | written answers | hours |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_overview(one) for one in rubrics),
        "",
        "*Lines* are those that the solution has between its markers. The *hours* are an estimate,",
        f"and no student has been timed: {low} to {high} minutes for each line, {A_FUNCTION} for each",
        f"function, and {A_QUESTION} for each written answer. The time for which a notebook trains",
        "comes on top.",
    ]
    for one in rubrics:
        lines += [
            "",
            f"## {one.part.name}",
            "",
            f"{one.part.title}: {one.points:g} points, {one.public:g} of them public.",
            "",
            "| function | check | points | public |",
            "|---|---|---:|:---:|",
            *_checks(one.checks),
        ]
    return "\n".join(lines) + "\n"


def _overview(one: Rubric) -> str:
    done = one.work
    low, high = done.hours
    hours = f"{low} to {high}" if low < high else f"{low}"
    own = (done.functions, done.lines, done.questions, hours) if done.lines else ("", "", "", "")
    link = f"[{one.part.name}](#{one.part.name})"
    return _row(link, f"{one.points:g}", f"{one.public:g}", *map(str, own))


def _checks(checks: Sequence[Check]) -> list[str]:
    rows = []
    for function, group in groupby(checks, lambda check: check.probe):
        some = list(group)
        name = f"`{function}`, {sum(check.points for check in some):g}"
        for check in some:
            mark = "public" if check.public else ""
            rows.append(_row(name, _escaped(check.title), f"{check.points:g}", mark))
            name = ""
    return rows


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(title: str) -> str:
    return re.sub(r"([\\*_|<\[\]])", r"\\\1", title)


def _marked(source: str) -> int:
    """Return how many lines of code stand between the markers, without what students get instead."""
    count, inside = 0, False
    for line in map(str.strip, source.splitlines()):
        if line == BEGIN or line in (END, INSTEAD):
            inside = line == BEGIN
        elif inside and line and not line.startswith("#"):
            count += 1
    return count


def _questions(part: Part) -> int:
    """Return how many written answers a part's notebook asks for."""
    path = part.notebook()
    if not path.is_file():
        return 0
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return sum(bool(mark.get("grade") and mark.get("solution")) for mark in marks)

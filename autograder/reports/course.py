"""The table and the page of a class over several parts: a column a part, and a total."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.parts import Part
from autograder.reports import gradebook
from autograder.reports.gradebook import Course, Row
from autograder.reports.item_analysis import histogram
from autograder.reports.webpage import render_page
from autograder.results import Result

NAME, TITLE = "gan_homework", "GAN homework"


@dataclass(frozen=True, slots=True)
class Graded:
    """One part of a class: its rows, in the order of the class, and where its page is."""

    part: Part
    rows: Sequence[Row]
    link: str

    @property
    def full(self) -> float:
        """The part's largest number of points."""
        results = (row.result for row in self.rows)
        return max((result.max_score for result in results if result is not None), default=0.0)


def totals(graded: Sequence[Graded]) -> list[Row]:
    """Return the class's rows with the sum of each student's results; none if one is missing."""
    return [_total(rows) for rows in zip(*(one.rows for one in graded))]


def course_of(layout: str, assignment: str, deadline: str) -> Course:
    """Return what the rows of totals have in common."""
    return Course(Part(NAME, TITLE), layout, assignment, deadline)


def table(graded: Sequence[Graded]) -> bytes:
    """Return the class's gradebook as a CSV file."""
    columns = {
        one.part.name: {row.key: row.result.score for row in one.rows if row.result is not None}
        for one in graded
    }
    return gradebook.render_parts(totals(graded), columns)


def page(graded: Sequence[Graded], layout: str, rule: str) -> str:
    """Return the class's page; who handed in nothing has no part in the means."""
    rows = totals(graded)
    told = [row.result for row in rows if row.result is not None and not row.absent]
    full = sum(one.full for one in graded)
    scores = [result.score for result in told]
    return render_page(
        "course.html",
        title=f"{TITLE}: {len(graded)} parts",
        layout=layout,
        rule=rule,
        rows=rows,
        parts=[_about(one) for one in graded],
        scores=_scores(graded, rows),
        full=full,
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        bars=histogram(scores, full),
        late=[row for row in rows if row.late],
        absent=[row for row in rows if row.absent],
        missing=[row for row in rows if row.result is None],
    )


def _total(rows: Sequence[Row]) -> Row:
    results = [row.result for row in rows if row.result is not None]
    if len(results) < len(rows):
        return replace(rows[0], result=None)
    checks = tuple(check for result in results for check in result.checks)
    score, full = (sum(one) for one in zip(*((r.score, r.max_score) for r in results)))
    return replace(rows[0], result=Result(NAME, rows[0].key, score, full, checks))


def _about(one: Graded) -> Mapping[str, object]:
    scores = [row.result.score for row in one.rows if row.result and not row.absent]
    return {
        "name": one.part.name,
        "title": one.part.title,
        "link": one.link,
        "graded": len(scores),
        "mean": statistics.fmean(scores) if scores else None,
        "full": one.full,
    }


def _scores(graded: Sequence[Graded], rows: Sequence[Row]) -> dict[str, list[float | None]]:
    """Return each student's score in every part, and the total last."""
    columns = [*(one.rows for one in graded), rows]
    return {
        row.key: [column[i].result.score if column[i].result else None for column in columns]  # type: ignore[union-attr]
        for i, row in enumerate(rows)
    }

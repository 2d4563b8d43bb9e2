"""The table and the page of a class over several parts: a column a part, and a total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from autograder.parts import Part
from autograder.reports import figures, gradebook
from autograder.reports import predictions as of_predictions
from autograder.reports.gradebook import Course, Row
from autograder.reports.ordering import in_order, name_of, names_of
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


def page(
    graded: Sequence[Graded],
    layout: str,
    rule: str,
    tables: Sequence[str] = (),
    predictions: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> str:
    """Return the class's page; who handed in nothing has no part in the means.

    Arguments:
        tables: the names of the gradebooks beside the page.
        predictions: by student, what was chosen for each experiment.
    """
    rows = in_order(totals(graded))
    told = [row.result for row in rows if row.result is not None and not row.absent]
    full = sum(one.full for one in graded)
    bars, apart = figures.distribution(told, full)
    return render_page(
        "course.html",
        predictions=of_predictions.lines(predictions),
        title=f"{TITLE}: {len(graded)} parts",
        layout=layout,
        rule=rule,
        tables=tables,
        rows=rows,
        names=names_of(rows),
        plain={row.key: name_of(row) for row in rows},
        parts=[one.part for one in graded],
        figures=_figures(graded, told),
        links={one.part.name: one.link for one in graded},
        scores=_cells(graded),
        full=full,
        spread=figures.spread_of([result.score for result in told]),
        bars=bars,
        apart=apart,
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


def _figures(graded: Sequence[Graded], told: Sequence[Result]) -> list[figures.OfFunction]:
    """Return how the class did in each part, and in all; parts without a result are left out."""
    found = []
    for one in graded:
        scores = [row.result.score for row in one.rows if row.result and not row.absent]
        if scores:
            found.append(figures.figure(one.part.name, one.full, scores))
    if told:
        full = sum(one.full for one in graded)
        found.append(figures.figure("total", full, [result.score for result in told]))
    return found


def _cells(graded: Sequence[Graded]) -> Mapping[str, list[figures.Cell | None]]:
    """Return each student's points in every part, by the row's key."""
    found: dict[str, list[figures.Cell | None]] = {}
    for one in graded:
        for row in one.rows:
            result = row.result
            cell = figures.Cell(result.score, result.max_score) if result else None
            found.setdefault(row.key, []).append(cell)
    return found

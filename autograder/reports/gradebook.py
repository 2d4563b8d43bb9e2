"""The class's table: plain, and in the forms that Canvas and nbgrader read."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.handins.layouts.entry import (
    CANVAS_EXPORT,
    GRADESCOPE_EXPORT,
    NBGRADER_COURSE,
    Person,
)
from autograder.parts import Part
from autograder.results import Result

FORMS = ("canvas", "gradescope", "nbgrader")
FORMULA = ("=", "+", "-", "@", "\t")  # what makes a spreadsheet compute a cell that begins with it
NBGRADER = (
    "assignment duedate timestamp student_id last_name first_name email "
    "raw_score late_submission_penalty score max_score"
).split()


@dataclass(frozen=True, slots=True)
class Row:
    """One hand-in in the gradebook; `result` is None where the grader has none yet."""

    key: str
    people: tuple[Person, ...]
    submitted: str = ""
    late: bool = False
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a gradebook says of all rows alike.

    Attributes:
        layout: where the hand-ins came from, which tells whose numbers the students' are.
        assignment: what the platform calls the part, where the layout tells.
        deadline: as ISO text, or empty.
    """

    part: Part
    layout: str = ""
    assignment: str = ""
    deadline: str = ""


def render(form: str, rows: Sequence[Row], course: Course) -> bytes:
    """Return a CSV file: "plain", "canvas" or "nbgrader"; one line for each person of a group."""
    lines = {"plain": _plain, "canvas": _canvas, "nbgrader": _nbgrader}[form](rows, course)
    text = io.StringIO()
    safe = ([_no_formula(cell) for cell in line] for line in lines)
    csv.writer(text, lineterminator="\n").writerows(safe)
    return text.getvalue().encode()


def _plain(rows: Sequence[Row], course: Course) -> Iterable[list[str]]:
    yield ["student", "id", "email", "submitted", "late", "part", "score", "max_score", "folder"]
    for row, person in _people(rows):
        score, full = _scores(row)
        late = "yes" if row.late else "no"
        when = [row.submitted, late, course.part.name]
        yield [person.name, person.id, person.email, *when, score, full, row.key]


def _canvas(rows: Sequence[Row], course: Course) -> Iterable[list[str]]:
    """Canvas matches students by its own ID, else by SIS; an assignment by its title.

    Only Canvas's own export tells Canvas's numbers; Gradescope tells the university's, nbgrader
    logins; Moodle's own mean nothing to Canvas. Two decimals are compared.
    """
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", course.part.title]
    full = next((row.result.max_score for row in rows if row.result is not None), 0.0)
    yield ["Points Possible", "", "", "", "", f"{full:.2f}"]
    for row, person in _people(rows):
        score = f"{row.result.score:.2f}" if row.result is not None else ""
        ours = person.id if course.layout == CANVAS_EXPORT else ""
        university = person.id if course.layout == GRADESCOPE_EXPORT else ""
        login = person.id if course.layout == NBGRADER_COURSE else person.email
        yield [person.name, ours, university, login, "", score]


def _nbgrader(rows: Sequence[Row], course: Course) -> Iterable[list[str]]:
    yield NBGRADER
    for row, person in _people(rows):
        score, full = _scores(row)
        first, _, last = person.name.rpartition(" ")
        if ", " in person.name:
            last, _, first = person.name.partition(", ")
        number = person.id or person.name
        names = [last, first, person.email]
        times = [_nbgrader_time(course.deadline), _nbgrader_time(row.submitted)]
        name = course.assignment or course.part.name
        points = [score, "0.0" if score else "", score, full]
        yield [name, *times, number, *names, *points]


def _people(rows: Sequence[Row]) -> Iterable[tuple[Row, Person]]:
    return ((row, person) for row in rows for person in row.people)


def _scores(row: Row) -> tuple[str, str]:
    if row.result is None:
        return "", ""
    return f"{row.result.score:g}", f"{row.result.max_score:g}"


def _nbgrader_time(text: str) -> str:
    """Write a time as nbgrader's export does: in UTC, without a zone."""
    if not text:
        return ""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.timezone.utc).replace(tzinfo=None)
    return str(moment)


def _no_formula(text: str) -> str:
    """Keep a spreadsheet from computing what a student chose as a name."""
    return "'" + text if text.startswith(FORMULA) else text

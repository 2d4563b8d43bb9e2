"""The class's table: plain, and in the formats that Canvas and nbgrader read."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.handins.layouts.entry import (
    CANVAS_EXPORT,
    GRADESCOPE_EXPORT,
    NBGRADER_COURSE,
    Person,
)
from autograder.parts import Part
from autograder.results import Result

SIGNS = "=+-@\N{MINUS SIGN}"  # a formula begins with one of these, also in full width
QUOTES = "\"'`\u2018\u2019\u201c\u201d"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that look like spaces
BREAKS = ("Cc", "Cs", "Zl", "Zp")  # control characters, surrogates, separators of lines
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # turn text round
PLAIN = re.compile(r"\s*(?:[-+]?\d[\d.,]*\s*%?|[-+])?\s*")
BETWEEN = re.compile(r"([;,\t\r\n\v\f\x85\u2028\u2029])")
NBGRADER = (
    "assignment duedate timestamp student_id last_name first_name email "
    "raw_score late_submission_penalty score max_score"
).split()


@dataclass(frozen=True, slots=True)
class Row:
    """One hand-in in the gradebook; `result` is None if there is none yet.

    `absent` says that nothing was handed in: only the list of the course has the student.
    """

    key: str
    people: tuple[Person, ...]
    submitted: str = ""
    late: bool = False
    result: Result | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """What all rows of a gradebook have in common.

    Attributes:
        layout: where the hand-ins came from, and so which platform's ids the students have.
        assignment: what the platform calls the part, if the layout says so.
        deadline: as ISO text, or empty.
    """

    part: Part
    layout: str = ""
    assignment: str = ""
    deadline: str = ""


class _Number(str):
    """A cell that this program computed."""

    __slots__ = ()


def render(form: str, rows: Sequence[Row], course: Course) -> bytes:
    """Return a CSV file: "plain", "canvas" or "nbgrader"; one line for each person of a group."""
    return _dumps(FORMS[form](rows, course), marked=form == "plain")


def _dumps(lines: Iterable[Sequence[str]], marked: bool) -> bytes:
    """Return the file of a table; a mark that Excel needs comes first where it needs it."""
    text = io.StringIO()
    safe = ([_no_formula(cell) for cell in line] for line in lines)
    csv.writer(text, lineterminator="\n").writerows(safe)
    data = text.getvalue().encode(errors="replace")  # surrogates, which a name may hold
    # Excel reads other letters wrongly without the mark; programs read the other forms.
    return codecs.BOM_UTF8 + data if marked and not data.isascii() else data


def _plain(rows: Sequence[Row], course: Course) -> Iterable[list[str]]:
    yield ["student", "id", "email", "submitted", "late", "part", "score", "max_score", "folder"]
    for row, person in _people(rows):
        score, full = _scores(row)
        late = "yes" if row.late else "no"
        when = [row.submitted, late, course.part.name]
        yield [person.name, person.id, person.email, *when, score, full, row.key]


def _canvas(rows: Sequence[Row], course: Course) -> Iterable[list[str]]:
    """Yield rows for Canvas, which matches students by its own ID, else by SIS; assignments by title.

    Only Canvas's own export has Canvas's IDs. Gradescope's has the university's, nbgrader's has
    logins, and Moodle's IDs mean nothing to Canvas. Canvas compares points to two decimals.
    """
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", course.part.title]
    full = next((row.result.max_score for row in rows if row.result is not None), 0.0)
    yield ["Points Possible", "", "", "", "", f"{full:.2f}"]
    for row, person in _people(rows):
        score = _Number(f"{row.result.score:.2f}") if row.result is not None else ""
        own = person.id if course.layout == CANVAS_EXPORT else ""
        university = person.id if course.layout == GRADESCOPE_EXPORT else ""
        login = person.id if course.layout == NBGRADER_COURSE else person.email
        yield [person.name, own, university, login, "", score]


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


def render_parts(rows: Sequence[Row], columns: Mapping[str, Mapping[str, float]]) -> bytes:
    """Return the plain table over several parts: a column for each, then the total.

    Arguments:
        rows: with totals as results.
        columns: scores by part and key of the row; a row that has none has an empty cell.
    """
    head = ["student", "id", "email", "submitted", "late", *columns, "total", "max_total", "folder"]
    lines: list[list[str]] = [head]
    for row, person in _people(rows):
        scores = [
            _Number(f"{column[row.key]:g}") if row.key in column else ""
            for column in columns.values()
        ]
        about = [person.name, person.id, person.email, row.submitted, "yes" if row.late else "no"]
        lines.append([*about, *scores, *_scores(row), row.key])
    return _dumps(lines, marked=True)


FORMS = {"plain": _plain, "canvas": _canvas, "nbgrader": _nbgrader}


def _people(rows: Sequence[Row]) -> Iterable[tuple[Row, Person]]:
    return ((row, person) for row in rows for person in row.people)


def _scores(row: Row) -> tuple[str, str]:
    if row.result is None:
        return "", ""
    return _Number(f"{row.result.score:g}"), _Number(f"{row.result.max_score:g}")


def _nbgrader_time(text: str) -> str:
    """Write a time as nbgrader's export does: in UTC, without a zone."""
    if not text:
        return ""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:  # another program wrote class.json
        return text
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.timezone.utc).replace(tzinfo=None)
    return str(moment)


def _no_formula(text: str) -> str:
    """Return a cell in one line that a spreadsheet reads as text; our own numbers do not change."""
    if isinstance(text, _Number):
        return text
    line = "".join(
        " " if unicodedata.category(c) in BREAKS else c for c in text if c not in TURNING
    )
    return ";".join(map(_as_text, line.split(";")))  # in half of Europe, ";" separates cells


def harmless(cell: str) -> str:
    """Return a cell of another program's table as it is, but for an apostrophe before a formula.

    A number and a lone sign stay. A cell's parts count, too, since a spreadsheet may be set to other
    marks between cells than the table has.
    """
    if PLAIN.fullmatch(cell):
        return cell
    return "".join(_as_text(piece) for piece in BETWEEN.split(cell))


def _as_text(cell: str) -> str:
    """Put an apostrophe before a formula, also if invisible characters are before its sign."""
    start = next((i for i, c in enumerate(cell) if not _is_passed_over(c)), len(cell))
    sign = unicodedata.normalize("NFKC", cell[start : start + 1])
    return f"'{cell}" if sign and sign in SIGNS else cell


def _is_passed_over(character: str) -> bool:
    """Return whether a program may drop a character before it looks for a formula."""
    unseen = unicodedata.category(character)[0] in "CMZ"  # controls, marks, spaces
    return unseen or character in QUOTES or character in FILLERS

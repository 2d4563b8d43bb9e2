"""Fill points into the table that a platform itself exported: Canvas's gradebook, Moodle's worksheet.

Canvas (lib/gradebook_exporter.rb, gradebook_importer.rb): a column is called "Title (number)", the row
"Points Possible" has the maxima, and its cells say "(read only)" where nothing can be changed. Moodle
(mod/assign/feedback/offline): "Identifier" names the student, and a grade above the maximum is refused.

Only cells of one column change. All others stay as they are, but for an apostrophe before a formula.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.errors import AutograderError
from autograder.handins.enrolled import orders, squashed
from autograder.handins.layouts.entry import CANVAS_EXPORT, MOODLE_EXPORT, Person
from autograder.handins.tables import Table
from autograder.reports.gradebook import Course, Row, harmless
from autograder.texts import one_line

FORMS = ("canvas", "moodle")
TITLED = re.compile(r"(?P<title>.*\S)\s*\((?P<number>\d{1,18})\)")
TOTALS = tuple(
    f"{when} {what}"
    for when in ("current", "final", "override")
    for what in ("score", "points", "grade", "status")
)
GRADE = tuple("grade bewertung note calificación valutazione cijfer nota".split())
IDENTIFIER = tuple("identifier id identifiant identificador identificativo identificatie".split())
GROUP = tuple("group gruppe groupe grupo gruppo groep".split())
KEPT = ("EX", "N/A")  # excused; the assignment is not given to this student
NUMBER = re.compile(r"[-+]?\d[\d.,]{0,30}")
LISTED = 8  # columns named in a message
HEADS = 6  # lines of Canvas's within which the maxima stand


@dataclass(frozen=True, slots=True)
class Place:
    """Where points go: the column, the first line of a student, and the largest number of points."""

    column: int
    first: int
    full: float
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled table's file, and who could not be placed in it, one sentence each."""

    data: bytes
    unplaced: tuple[str, ...] = ()


def find_place(form: str, table: Table, title: str, column: str = "") -> Place:
    """Return where the points of an assignment go; raise AutograderError if that is not clear.

    Arguments:
        title: the assignment's, if no column is named.
        column: its name in the table, or the number in that name.
    """
    head = table.rows[0]
    found = _of_canvas(head) if form == "canvas" else _of_moodle(head)
    wanted = (
        [i for i in found if _is_named(head[i], column)] if column else _titled(head, found, title)
    )
    if len(wanted) != 1:
        names = ", ".join(one_line(head[i]) for i in found[:LISTED])
        what = (
            f"no column is called {column!r}" if column else "it is not clear which column to fill"
        )
        raise AutograderError(f"--into: {what}; name one with --column: {names}")
    place = wanted[0]
    if form == "moodle":
        highest = next(
            (_cell(row, place + 1) for row in table.rows[1:] if _cell(row, place + 1)), ""
        )
        return Place(place, 1, _value(highest), "," in highest)
    for line, row in enumerate(table.rows[1:HEADS], 1):
        if "Points Possible" in _cell(row, 0):
            highest = _cell(row, place)
            if "read only" in highest:
                raise AutograderError(f"--into: {one_line(head[place])} can only be read in Canvas")
            return Place(place, line + 1, _value(highest), "," in highest)
    raise AutograderError(
        "--into: no row says Points Possible; export the gradebook of Canvas again"
    )


def fill(form: str, table: Table, rows: Sequence[Row], course: Course, column: str = "") -> Filled:
    """Return the table with each student's points, scaled to the platform's largest number.

    Who handed in nothing, is excused, or has no result keeps the cell as it was.
    """
    place = find_place(form, table, course.part.title, column)
    lines = _Lines(form, table, place.first, course)
    cells: dict[tuple[int, int], str] = {}
    unplaced = []
    for row in rows:
        for person in row.people if row.result is not None and not row.absent else ():
            found = lines.of(person)
            if not found:
                unplaced.append(f"{person.name or row.key}: not found in the table of --into")
            for line in found:
                before = _cell(table.rows[line], place.column)
                where = (line, place.column)
                if before.upper() in KEPT:
                    unplaced.append(f"{person.name or row.key}: the table of --into says {before}")
                elif where in cells:
                    unplaced.append(f"{person.name or row.key}: another hand-in has the same line")
                elif row.result is not None:
                    cells[where] = _points(row.result.score, row.result.max_score, place)
    wide = max(place.column + 1, len(table.rows[0]))
    even = tuple((*row, *[""] * (wide - len(row))) for row in table.rows)
    safe = tuple(tuple(map(harmless, row)) for row in even)
    filled = Table(safe, table.delimiter, table.newline, table.marked).with_cells(cells)
    return Filled(filled.dumps(), tuple(map(one_line, unplaced)))


class _Lines:
    """Find a student's line: by the platform's number, address or login, else by name."""

    def __init__(self, form: str, table: Table, first: int, course: Course) -> None:
        self.table = table
        head = [squashed(cell) for cell in table.rows[0]]
        kinds = {"number": {"id"}, "other": {"sisuserid", "sisloginid", "integrationid"}}
        self.numbered = course.layout == CANVAS_EXPORT
        if form == "moodle":
            kinds = {"number": {*IDENTIFIER}, "other": {"idnumber", "username", "idnummer"}}
            self.numbered = course.layout == MOODLE_EXPORT
        self.by: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        groups = [i for i, name in enumerate(head) if name in GROUP]
        for line, row in enumerate(table.rows[first:], first):
            for kind, names in kinds.items():
                for i in (i for i, name in enumerate(head) if name in names):
                    self._add(kind, self._number(form, kind, _cell(row, i)), line)
            for cell in filter(lambda cell: "@" in cell and " " not in cell, map(str.strip, row)):
                self._add("other", cell.casefold(), line)
            for key in self._names(form, head, row):
                self._add("name", key, line)
            for i in groups:
                self._add("group", squashed(_cell(row, i)), line)

    def of(self, person: Person) -> list[int]:
        """Return a person's line, or those of a group's members; empty if it is not clear."""
        name = squashed(person.name)
        if name in self.by["group"] and name not in self.by["name"]:
            return self.by["group"][name]
        number = person.id.casefold()
        keys = [("number", number)] if self.numbered else [("other", number)]
        for kind, key in (*keys, ("other", person.email.casefold()), ("name", name)):
            if key and len(self.by[kind].get(key, ())) == 1:
                return self.by[kind][key]
        return []

    def _add(self, kind: str, key: str, line: int) -> None:
        if key and line not in self.by[kind][key]:
            self.by[kind][key].append(line)

    @staticmethod
    def _number(form: str, kind: str, cell: str) -> str:
        """Return a cell's number; Moodle writes the word for a participant before it."""
        if form == "moodle" and kind == "number":
            return "".join(re.findall(r"\d+$", cell[-20:]))
        return cell.casefold()

    @staticmethod
    def _names(form: str, head: Sequence[str], row: Sequence[str]) -> Iterable[str]:
        if head[:2] == ["lastname", "firstname"]:
            return orders(f"{_cell(row, 0)}, {_cell(row, 1)}")
        full = {"fullname", "vollständigername", "nomcomplet", "nombrecompleto", "nomecompleto"}
        at = [
            i for i, name in enumerate(head) if name in (full if form == "moodle" else {"student"})
        ]
        return orders(_cell(row, at[0])) if at else ()


def _of_canvas(head: Sequence[str]) -> list[int]:
    """Return the columns of assignments in Canvas's export; raise AutograderError for another table."""
    first = [squashed(cell) for cell in head[:3]]
    if not first[0].startswith(("student", "lastname")) or "id" not in first:
        raise AutograderError("--into: not a gradebook that Canvas exported (Student, ID, ...)")
    return [
        i
        for i, cell in enumerate(head)
        if TITLED.fullmatch(cell.strip()) and not any(t in cell.casefold() for t in TOTALS)
    ]


def _of_moodle(head: Sequence[str]) -> list[int]:
    """Return the columns of Moodle's worksheet that may be the grade's."""
    names = [squashed(cell) for cell in head]
    if not any(name in IDENTIFIER for name in names[:2]):
        raise AutograderError("--into: not a grading worksheet of Moodle (Identifier, ..., Grade)")
    return [i for i, name in enumerate(names) if name in GRADE] or list(range(1, len(names) - 1))


def _titled(head: Sequence[str], found: Sequence[int], title: str) -> list[int]:
    """Return the columns with an assignment's title, or the only column that there is."""
    wanted = squashed(title)
    same = [i for i in found if squashed(TITLED.sub(r"\g<title>", head[i].strip())) == wanted]
    return same or list(found)


def _is_named(cell: str, column: str) -> bool:
    match = TITLED.fullmatch(cell.strip())
    names = {cell.strip(), *((match["title"], match["number"]) if match else ())}
    return column.strip().casefold() in {name.casefold() for name in names}


def _points(score: float, full: float, place: Place) -> str:
    scaled = score * place.full / full if place.full > 0 and full > 0 else score
    text = f"{scaled:.2f}"
    return text.replace(".", ",") if place.comma else text


def _value(cell: str) -> float:
    """Return a number as people of several countries write it; 0 if it is none."""
    cell = cell.strip()
    if not NUMBER.fullmatch(cell):
        return 0.0
    whole, mark, rest = cell.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}{mark}{rest}") if mark else float(cell)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""

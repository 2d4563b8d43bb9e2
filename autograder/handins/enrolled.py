"""Who is in a course, from a table that a platform exports, and which hand-in is whose.

The columns are found by their names, as Canvas, Moodle, Gradescope, nbgrader, Blackboard, Brightspace
and Sakai write them. A hand-in is a student's by the platform's number, else by address, else by name,
and only if no other student fits as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.handins.layouts.entry import Entry, Person, folder_name
from autograder.handins.listing import Source
from autograder.handins.tables import Table, read_table
from autograder.texts import one_line

# The names of columns, in their letters and digits alone.
FULL = tuple(
    "student name fullname studentname displayname vollständigername nomcomplet nombrecompleto "
    "nomecompleto volledigenaam".split()
)
LAST = tuple("lastname surname familyname last nachname nom apellidos cognome".split())
FIRST = tuple("firstname givenname first vorname prénom nombre nome".split())
EMAIL = tuple("email emailaddress mail emailadresse adressedecourriel correo".split())
GROUP = tuple("group groups groupname team gruppe gruppen groupe grupo".split())
ROLE = tuple("role roles rolle rollen".split())
# What identifies a student, first what a university itself gives.
IDS = tuple(
    "idnumber sid studentid studentnumber matriculationnumber matrikelnummer idnummer sisuserid "
    "orgdefinedid displayid id userid canvasuserid username sisloginid loginid login netid eid user "
    "identifier integrationid lmsuserid teilnehmer".split()
)
HEADING = 10  # lines within which the names of the columns stand
NOBODY = (
    "points possible",
    "student, test",
    "test student",
)  # rows of Canvas's that are no student


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One student of the course; `ids` by the name of their column."""

    name: str
    ids: Mapping[str, str]
    email: str = ""
    groups: tuple[str, ...] = ()


def read_enrolled(path: Path) -> list[Enrolled]:
    """Return the students whom a table lists; raise SubmissionError if it lists none."""
    table = read_table(path)
    heading, columns = _columns(table)
    if heading < 0:
        seen = ", ".join(cell for cell in table.rows[0][:8] if cell)
        raise SubmissionError(
            one_line(
                f"{path}: no column is called Student, Name, Last name, ID, Email or the like "
                f"(found: {seen[:200]})"
            )
        )
    found: dict[tuple[object, ...], Enrolled] = {}
    rows = [row for row in table.rows[heading + 1 :] if any(cell.strip() for cell in row)]
    roles = [_cell(row, columns.get("role", -1)).casefold() for row in rows]
    only = any("student" in role for role in roles)  # beside instructors
    for row, role in zip(rows, roles):
        student = _student(row, columns)
        if student is None or (only and "student" not in role):
            continue
        who = (student.name, *sorted(student.ids.items()), student.email)
        before = found.get(who)
        groups = (*(before.groups if before else ()), *student.groups)
        found[who] = replace(student, groups=tuple(dict.fromkeys(groups)))
    if not found:
        raise SubmissionError(f"{path}: lists no student")
    return list(found.values())


def assigned(
    entries: Sequence[Entry], students: Sequence[Enrolled], source: Source
) -> tuple[list[Entry], list[str]]:
    """Give hand-ins their students' real names, and students without one an empty entry.

    Returns the entries, and warnings on hand-ins of nobody who is listed.
    """
    finder = _Finder(students, entries)
    seen: set[int] = set()
    named, unknown = [], []
    for entry in entries:
        people: list[Person] = []
        for person in entry.people:
            members = finder.find(person)
            seen.update(id(student) for student in members)
            own = not finder.is_group(person)  # else the number is the group's
            people += [finder.person(student, person, own) for student in members] or [person]
            if not members:
                unknown.append(person.name)
        named.append(replace(entry, people=tuple(people)))
    warnings = []
    if unknown:
        some = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        warnings.append(f"not on the list of the course: {some}")
    for student in students:
        if id(student) not in seen:
            person = finder.person(student, Person(""), False)
            key = folder_name(person.name)
            named.append(Entry(key, (person,), "nothing handed in", source, {}, absent=True))
    return named, warnings


class _Finder:
    """Find the students of a hand-in."""

    def __init__(self, students: Sequence[Enrolled], entries: Sequence[Entry]) -> None:
        self.by_column: dict[str, dict[str, list[Enrolled]]] = defaultdict(dict)
        self.by_email: dict[str, list[Enrolled]] = {}
        self.by_name: dict[str, list[Enrolled]] = {}
        self.by_group: dict[str, list[Enrolled]] = {}
        for student in students:
            for column, number in student.ids.items():
                _add(self.by_column[column], _number(number), student)
            _add(self.by_email, student.email.casefold(), student)
            logins = {squashed(number) for number in student.ids.values() if not number.isdecimal()}
            local = squashed(student.email.partition("@")[0])
            for key in {*orders(student.name), *logins, local} - {""}:
                _add(self.by_name, key, student)
            for group in student.groups:
                _add(self.by_group, squashed(group), student)
        self.column = self._best([p.id for e in entries for p in e.people if p.id])

    def _best(self, numbers: Sequence[str]) -> str:
        """Return the column whose numbers the platform gave the hand-ins; empty if none fits half."""
        counts = {
            column: sum(_number(number) in known for number in numbers)
            for column, known in self.by_column.items()
        }
        best = max(counts, key=lambda column: (counts[column], -_rank(column)), default="")
        return best if best and 2 * counts[best] > len(numbers) else ""

    def is_group(self, person: Person) -> bool:
        """Return whether what the platform names is a group of the list, and no student."""
        name = squashed(person.name)
        return name in self.by_group and name not in self.by_name

    def find(self, person: Person) -> list[Enrolled]:
        """Return a person's line of the list, or those of a group; empty if it is not clear."""
        name = squashed(person.name)
        if self.is_group(person):
            return self.by_group[name]
        for known, key in (
            (self.by_column.get(self.column, {}), _number(person.id)),
            (self.by_email, person.email.casefold()),
            (self.by_name, name),
        ):
            if key and len(known.get(key, ())) == 1:
                return known[key]
        return []

    def person(self, student: Enrolled, told: Person, own: bool) -> Person:
        """Return a listed student as a person, with the platform's own number if it gave one."""
        main = min(student.ids, key=_rank, default="")
        number = student.ids.get(self.column) or student.ids.get(main, "")
        email = told.email if own and told.email else student.email
        return Person(student.name or told.name, (told.id if own else "") or number, email)


def squashed(text: str) -> str:
    """Return the letters and digits of a name, in one form of upper and lower case and of accents."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def orders(name: str) -> set[str]:
    """Return a name's letters in every order in which platforms write its first and last names."""
    last, comma, first = name.partition(",")
    words = (f"{first} {last}" if comma else name).split()[:8]
    return {squashed("".join(words[i:] + words[:i])) for i in range(len(words))}


def _columns(table: Table) -> tuple[int, dict[str, int]]:
    """Return the line of the columns' names, or -1, and where each kind of column is."""
    for line, row in enumerate(table.rows[:HEADING]):
        names = [squashed(cell) for cell in row]
        kinds = {"full": FULL, "last": LAST, "first": FIRST, "email": EMAIL}
        kinds |= {"group": GROUP, "role": ROLE}
        found = {
            kind: min(names.index(word) for word in words if word in names)
            for kind, words in kinds.items()
            if any(word in names for word in words)
        }
        found |= {f"id {name}": i for i, name in enumerate(names) if name in IDS}
        who = {"full", "last", "email", *(kind for kind in found if kind.startswith("id "))}
        if who & found.keys() and len(found) > 1:
            return line, found
    return -1, {}


def _student(row: Sequence[str], columns: Mapping[str, int]) -> Enrolled | None:
    full = _cell(row, columns.get("full", -1))
    names = [_cell(row, columns.get(kind, -1)) for kind in ("first", "last")]
    name = " ".join(filter(None, names)) or full
    ids = {
        kind[3:]: number
        for kind, i in columns.items()
        if kind.startswith("id ") and (number := _cell(row, i).lstrip("#"))
    }
    email = _cell(row, columns.get("email", -1))
    if not name and not ids and not email:
        return None
    if name.casefold() in NOBODY:
        return None
    groups = re.split(r"[,;|]", _cell(row, columns.get("group", -1)))
    label = name or email or next(iter(ids.values()))
    return Enrolled(label, ids, email, tuple(g.strip() for g in groups if g.strip()))


def _cell(row: Sequence[str], column: int) -> str:
    """Return a cell in one line; empty if the row is too short, or there is no such column."""
    return " ".join(one_line(row[column]).split()) if 0 <= column < len(row) else ""


def _number(text: str) -> str:
    """Return a number as it can be compared: Moodle writes a word before it, Excel drops zeros."""
    text = text.strip().lstrip("#").casefold()
    if match := re.fullmatch(r"\D{0,30}[ /]\D{0,30}(\d+)", text):
        text = match[1]
    return text.lstrip("0") if text.isdecimal() else text


def _rank(column: str) -> int:
    return IDS.index(column) if column in IDS else len(IDS)


def _add(known: dict[str, list[Enrolled]], key: str, student: Enrolled) -> None:
    if key and student not in known.setdefault(key, []):
        known[key].append(student)

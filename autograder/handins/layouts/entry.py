"""What all layouts share: people, entries, and what a layout's module must offer.

The layouts' names are here, not in their modules, for reports, which only compare names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Protocol

from autograder.errors import SubmissionError
from autograder.handins.listing import Listing, Source, can_be_handed_in
from autograder.handins.members import Member
from autograder.handins.reading import MAX_FILES, in_utf_8
from autograder.handins.submission import HandIn, Submission, of_members
from autograder.handins.tree import is_data
from autograder.parts import Part

GRADESCOPE_EXPORT, CANVAS_EXPORT, MOODLE_EXPORT, NBGRADER_COURSE, FILES = (
    "Gradescope export",
    "Canvas export",
    "Moodle export",
    "nbgrader course",
    "a file, zip or folder each",
)
TEAMS_FILES, BLACKBOARD_EXPORT, BRIGHTSPACE_EXPORT, SAKAI_EXPORT, PATTERN = (
    "Teams class's files",
    "Blackboard export",
    "Brightspace export",
    "Sakai export",
    "files that --pattern names",
)
# What students pack their work into; only what HANDED_IN names can be read.
ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".tbz2", ".xz", ".txz", ".zst")
LONGEST = 100  # characters of a folder's name; file systems stop at 255 bytes


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the platform knows them; a field that it does not export is empty."""

    name: str
    id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One hand-in.

    Attributes:
        key: the name of its results folder, unique in the class.
        people: who handed it in; several for a group.
        where: its place, as the table of a class's hand-ins shows it.
        source, names: where its files are, by their path in the source and in the submission.
        submitted: when, if the platform or the file system records it.
        late: after the deadline, or marked as late by the platform.
        others: the names of files that hold no program, such as a report.
        data: files that the program may read, as in `names`.
        beside: where those are in the source.
        absent: nothing was handed in; a list of the course names the student.
    """

    key: str
    people: tuple[Person, ...]
    where: str
    source: Source
    names: Mapping[str, str]
    submitted: dt.datetime | None = None
    late: bool = False
    others: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    absent: bool = False

    def load(self, part: Part) -> Submission:
        """Read the files; raise SubmissionError if the part is not among them."""
        return self.open().of(part)

    def open(self) -> HandIn:
        """Read the files, for all parts; raise SubmissionError if they are too many or too large."""
        if self.absent:
            raise SubmissionError(f"{self.key}: nothing was handed in")
        if len(self.names) > MAX_FILES:
            raise SubmissionError(f"{self.key}: more than {MAX_FILES} files")
        found = [*self.names.items(), *self.data.items()]
        files = [Member(inside, None, self._reader(name)) for name, inside in found]
        return of_members(self.key, files, self.others)

    def _reader(self, name: str) -> Callable[[int], bytes]:
        return lambda most: self.source.read(name, most)


@dataclass(frozen=True, slots=True)
class HandIns:
    """All hand-ins that a layout holds, several by one student among them.

    Attributes:
        assignment: what the platform calls it, if the layout says so.
        replaced: files that do not count, each with the later one that counts in its place.
        marks_late: whether the platform itself marks what is late.
        exclusive: whether the platform exports only hand-ins, so that a file that belongs to no hand-in
            has to be reported.
        warnings: sentences for staff, such as on a time that cannot be read.
        strays: files that should be a student's and are not, where other files may lie, too.
    """

    entries: list[Entry]
    assignment: str = ""
    replaced: tuple[tuple[str, str], ...] = ()
    marks_late: bool = False
    exclusive: bool = False
    warnings: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


class Layout(Protocol):
    """What each layout's module offers."""

    NAME: str

    def recognises(self, listing: Listing) -> bool:
        """Return whether a class's files have this layout, given that no earlier layout fits."""

    def collect(
        self, listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None
    ) -> HandIns:
        """Return the hand-ins; raise SubmissionError if the assignment is unknown or not clear.

        Arguments:
            zone: of times that name none; None is this machine's.
        """


def make_entry(
    name: str,
    people: tuple[Person, ...],
    where: str,
    source: Source,
    names: Mapping[str, str],
    submitted: dt.datetime | None,
) -> Entry:
    """Make an entry from what a layout read; `names` holds files of every kind."""
    named = tuple(replace(person, name=in_utf_8(person.name)) for person in people)
    read = {n: in_utf_8(i) for n, i in names.items() if can_be_handed_in(PurePosixPath(n).name)}
    rest = {n: in_utf_8(i) for n, i in names.items() if n not in read}
    data = {n: i for n, i in rest.items() if is_data(i)}
    return Entry(
        folder_name(name),
        named,
        in_utf_8(where),
        source,
        read,
        submitted,
        others=tuple(inside for n, inside in rest.items() if n not in data),
        data=data,
        beside=tuple(rest),
    )


def newest(files: Iterable[str], times: Mapping[str, dt.datetime]) -> dt.datetime | None:
    """Return the time of the newest file; None if no time is known."""
    own = (name for name in files if can_be_handed_in(PurePosixPath(name).name))
    return max((times[name] for name in own if name in times), default=None)


def folder_name(name: str) -> str:
    """Return a name that works as a folder and in a link everywhere; letters of any script stay."""
    safe = "".join(c if c.isprintable() and c not in '/\\:*?"<>|%#' else "-" for c in name)
    safe = safe.strip(" .")
    while len(safe.encode()) > 2 * LONGEST:
        safe = safe[:-1]
    return safe[:LONGEST].strip(" .") or "nobody"


def may_be_work(name: PurePosixPath) -> bool:
    """Return whether a file may hold a student's program, readable or packed in some way."""
    return can_be_handed_in(name.name) or name.suffix.lower() in ARCHIVES


def choose_assignment(
    groups: Mapping[tuple[str, str], Iterable[str]], parts: Sequence[Part], name: str
) -> str:
    """Return the assignment that is meant; if none is named, the only one with a part's file.

    Arguments:
        groups: the paths of files in each hand-in, by student and assignment.

    Raises SubmissionError if there is no such assignment, or several hold a part's file.
    """
    known = {assignment for _, assignment in groups}
    meant = {
        assignment
        for (_, assignment), files in groups.items()
        if any(part.stem in file for file in files for part in parts)
    }
    chosen = {name} if name else meant or known
    if len(chosen) > 1:
        names = ", ".join(sorted(chosen))
        raise SubmissionError(
            f"several assignments ({names}); choose one with --assignment, or a part with --part"
        )
    if not chosen <= known:
        names = ", ".join(sorted(known))
        raise SubmissionError(f"there is no assignment {name!r}; there are: {names}")
    return min(chosen)

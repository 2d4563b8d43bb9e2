"""Find who handed in what in a class's folder or zip, and which hand-in of each student counts.

Nothing is unpacked: an entry keeps the names of its files and reads them only when it is graded, so
that the files of a class of thousands are never all in memory.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.layouts import canvas, folders, gradescope, moodle, nbgrader
from autograder.handins.layouts.entry import Entry, HandIns, Layout, Person, folder_name
from autograder.handins.listing import HANDED_IN, METADATA, UTC, Listing, list_class
from autograder.handins.reading import in_utf_8
from autograder.handins.submission import shortened
from autograder.parts import Part

# The first one that recognises a class is used.
LAYOUTS: tuple[Layout, ...] = (gradescope, moodle, canvas, nbgrader, folders)


@dataclass(frozen=True, slots=True)
class Roster:
    """What a class handed in.

    Attributes:
        layout: the name of the layout that was recognised.
        rule: which of several hand-ins by one student counts, as a sentence for staff.
        entries: what counts, one for each student or group.
        dropped: what does not count, with the reason.
        unread: the names of files that cannot be a submission.
        replaced: files that do not count, each with the later one that counts instead.
        assignment: what the platform calls it, if the layout says so.
    """

    layout: str
    rule: str
    entries: tuple[Entry, ...]
    dropped: tuple[tuple[Entry, str], ...] = ()
    unread: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    assignment: str = ""


def find_class(
    path: Path, part: Part, deadline: dt.datetime | None = None, assignment: str = ""
) -> Roster:
    """Recognise a class's layout and choose one entry of each student; raise SubmissionError.

    A student whose files are all of another kind (a report, a time stamp) gets an entry, too.

    Arguments:
        part: in a course with several assignments, the one that holds this part's file is graded.
        deadline: of several hand-ins the latest that is not after it counts; UTC if it has no zone.
        assignment: the one to grade in an nbgrader course, if several hold the part's file.
    """
    listing = _listed(path)
    if deadline is not None and deadline.tzinfo is None:
        deadline = deadline.replace(tzinfo=UTC)
    layout = next(one for one in LAYOUTS if one.recognises(listing))
    handed_in = layout.collect(listing, part, assignment)
    entries = handed_in.entries
    if not entries:
        kinds = ", ".join(HANDED_IN)
        raise SubmissionError(f"{path}: no submissions found; expected files that end in {kinds}")
    if deadline is not None:
        entries = [_judge_time(entry, deadline) for entry in entries]
    kept, dropped = _choose_latest(entries)
    unread = [*listing.others, *_strays(handed_in, listing.times)]
    return Roster(
        layout=layout.NAME,
        rule=_rule(layout.NAME, handed_in, deadline),
        entries=tuple(sorted(_distinct(kept), key=lambda e: (e.key.casefold(), e.key))),
        dropped=tuple(dropped),
        unread=tuple(map(in_utf_8, unread)),
        replaced=tuple((in_utf_8(old), in_utf_8(new)) for old, new in handed_in.replaced),
        assignment=in_utf_8(handed_in.assignment),
    )


def _listed(path: Path) -> Listing:
    """List a class's folder or zip; raise SubmissionError if it cannot be read."""
    if "\0" in str(path):
        raise SubmissionError(f"{shortened(str(path))}: no file's name holds a NUL character")
    try:
        return list_class(path)
    except OSError as problem:
        named = shortened(str(problem.filename or path))
        raise SubmissionError(f"{named}: cannot be read: {problem.strerror}") from problem


def _rule(layout: str, handed_in: HandIns, deadline: dt.datetime | None) -> str:
    """Say which of several hand-ins by one student counts."""
    rule = "of several hand-ins by one student the latest"
    if deadline is None:
        return f"{rule} counts"
    if any(entry.submitted for entry in handed_in.entries):
        moment = deadline.isoformat(sep=" ", timespec="minutes")
        return f"{rule} not after {moment} counts; where all are late, the latest, marked late"
    rule += (
        f" counts; a {layout} does not say when files were handed in, so --deadline changes nothing"
    )
    return rule + (
        ", and the platform's own marks say what is late" if handed_in.marks_late else ""
    )


def _strays(handed_in: HandIns, names: Iterable[str]) -> list[str]:
    """Return the files that belong to no hand-in, if the platform exports only hand-ins."""
    if not handed_in.exclusive:
        return []
    known = {name for entry in handed_in.entries for name in entry.names}
    known.update(old for old, _ in handed_in.replaced)
    return [n for n in names if n not in known and PurePosixPath(n).name != METADATA]


def _judge_time(entry: Entry, deadline: dt.datetime) -> Entry:
    """Mark an entry as late or not; without a time it stays as the platform marked it."""
    if entry.submitted is None:
        return entry
    return replace(entry, late=entry.submitted > deadline)


def _choose_latest(entries: Iterable[Entry]) -> tuple[list[Entry], list[tuple[Entry, str]]]:
    """Keep one entry of each student: in time before late, then the latest, then the last name.

    Returns what is kept, and the others with the reason.
    """
    groups: dict[tuple[Person, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_identity(entry)].append(entry)
    kept, dropped = [], []
    oldest = dt.datetime.min.replace(tzinfo=UTC)
    for same in groups.values():
        *earlier, last = sorted(same, key=lambda e: (not e.late, e.submitted or oldest, e.where))
        kept.append(last)
        for entry in earlier:
            why = "after the deadline" if entry.late and not last.late else "handed in again"
            dropped.append((entry, f"{why}; {last.where} counts"))
    return kept, dropped


def _identity(entry: Entry) -> tuple[Person, ...]:
    """Return who handed in, by number or address; by name only if the platform has neither."""
    known = []
    for person in entry.people:
        number = person.id or person.email
        known.append(Person("", number) if number else Person(person.name))
    return tuple(sorted(known, key=lambda p: (p.id, p.name)))


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Give every entry a unique key, also on a file system that ignores upper and lower case.

    If students have the same name, their number, address or place is added to it.
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.key.casefold()].append(entry)
    result, used = [], {key for key, same in groups.items() if len(same) == 1}
    for same in groups.values():
        if len(same) == 1:
            result += same
            continue
        for entry in sorted(same, key=lambda e: e.where):
            mark = entry.people[0].id or entry.people[0].email or entry.where
            key = base = folder_name(f"{entry.key[:40]} ({mark})")
            number = 2
            while key.casefold() in used:
                key, number = f"{base} {number}", number + 1
            used.add(key.casefold())
            result.append(replace(entry, key=key))
    return result

"""Find who handed in what in a class's folder or zip, and which hand-in of each student counts.

Nothing is unpacked: an entry keeps the names of its files and reads them only when it is graded, so
that the files of a class of thousands are never all in memory.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.enrolled import Enrolled, assigned
from autograder.handins.layouts import (
    blackboard,
    brightspace,
    canvas,
    folders,
    gradescope,
    moodle,
    nbgrader,
    pattern,
    sakai,
    teams,
)
from autograder.handins.layouts.entry import (
    Entry,
    HandIns,
    Layout,
    Person,
    folder_name,
    may_be_work,
)
from autograder.handins.listing import (
    HANDED_IN,
    METADATA,
    TIMESTAMP,
    UTC,
    Listing,
    list_class,
    names_at_the_top,
)
from autograder.handins.reading import in_utf_8
from autograder.handins.relisting import cleaned
from autograder.handins.submission import shortened
from autograder.parts import Part

# The first one that recognises a class is used.
LAYOUTS: tuple[Layout, ...] = (
    gradescope,
    moodle,
    blackboard,
    canvas,
    brightspace,
    sakai,
    teams,
    nbgrader,
    folders,
)
CLUES = ("_attempt_", "Submission attachment", "Submitted files", "assignsubmission", "Version 1")


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
        unowned: those of `unread` that may be a student's work: somebody must look at them.
        warnings: sentences for staff.
    """

    layout: str
    rule: str
    entries: tuple[Entry, ...]
    dropped: tuple[tuple[Entry, str], ...] = ()
    unread: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    assignment: str = ""
    unowned: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def find_class(
    path: Path,
    parts: Part | Sequence[Part],
    deadline: dt.datetime | None = None,
    assignment: str = "",
    *,
    zone: dt.tzinfo | None = None,
    form: str = "",
    students: Sequence[Enrolled] = (),
    output: Path | None = None,
) -> Roster:
    """Recognise a class's layout and choose one entry of each student; raise SubmissionError.

    A student whose files are all of another kind (a report, a time stamp) gets an entry, too.

    Arguments:
        parts: in a course with several assignments, the one that holds one of these is graded.
        deadline: of several hand-ins the latest that is not after it counts; UTC if it has no zone.
        assignment: the one to grade in a course's folder, if several hold the part's file.
        zone: of times that name none; None is this machine's.
        form: a pattern of files' paths, which is used in place of the known layouts.
        students: who is in the course, if that is known; each of them gets an entry.
        output: the folder for results, which is left out if it lies in the class's.
    """
    listing, left = cleaned(_listed(path), output)
    if deadline is not None and deadline.tzinfo is None:
        deadline = deadline.replace(tzinfo=UTC)
    name, handed_in = _collected(
        listing, (parts,) if isinstance(parts, Part) else parts, assignment, zone, form
    )
    entries = handed_in.entries
    if not entries:
        kinds = ", ".join(HANDED_IN)
        raise SubmissionError(f"{path}: no submissions found; expected files that end in {kinds}")
    warnings = [*handed_in.warnings, *_doubts(name, listing)]
    if students:
        entries, more = assigned(entries, students, listing.source)
        warnings += more
    if deadline is not None:
        entries = [_judge_time(entry, deadline) for entry in entries]
    kept, dropped = _choose_latest(entries)
    strays = _strays(handed_in, listing.times)
    unowned = [n for n in _strays(handed_in, listing.tails) if may_be_work(PurePosixPath(n))]
    return Roster(
        layout=name,
        rule=_rule(name, handed_in, deadline),
        entries=tuple(sorted(_distinct(kept), key=lambda e: (e.key.casefold(), e.key))),
        dropped=tuple(dropped),
        unread=tuple(map(in_utf_8, [*listing.others, *strays, *left])),
        replaced=tuple((in_utf_8(old), in_utf_8(new)) for old, new in handed_in.replaced),
        assignment=in_utf_8(handed_in.assignment),
        unowned=tuple(map(in_utf_8, unowned)),
        warnings=tuple(map(in_utf_8, warnings)),
    )


def _collected(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None, form: str
) -> tuple[str, HandIns]:
    """Return the layout's name and the hand-ins that it holds."""
    if form:
        return pattern.NAME, pattern.collect_by(form, listing, zone)
    layout = next(one for one in LAYOUTS if one.recognises(listing))
    return layout.NAME, layout.collect(listing, parts, assignment, zone)


def _doubts(layout: str, listing: Listing) -> list[str]:
    """Return a warning if a class looks like a platform's export, and was not recognised as one."""
    if layout != folders.NAME:
        return []
    tops = names_at_the_top(listing)
    seen = [clue for clue in CLUES if 4 * sum(clue in name for name in tops) > len(tops)]
    return (
        [
            f"names hold {seen[0]!r}, as a platform writes, but its layout is not known; check the "
            "table, or name the parts of the paths with --pattern"
        ]
        if seen
        else []
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
    """Return the files that belong to no hand-in, of those that should belong to one."""
    known = {n for entry in handed_in.entries for n in (*entry.names, *entry.beside)}
    known.update(old for old, _ in handed_in.replaced)
    wanted = set(handed_in.strays)
    own = (METADATA, TIMESTAMP)  # the platforms' own
    return [
        n
        for n in names
        if (handed_in.exclusive or n in wanted)
        and n not in known
        and PurePosixPath(n).name not in own
    ]


def _judge_time(entry: Entry, deadline: dt.datetime) -> Entry:
    """Mark an entry as late or not; without a time it stays as the platform marked it."""
    if entry.submitted is None:
        return entry
    return replace(entry, late=entry.submitted > deadline)


def _choose_latest(entries: Sequence[Entry]) -> tuple[list[Entry], list[tuple[Entry, str]]]:
    """Keep one entry of each student: in time before late, then the latest, then the last name.

    A student of a group who also handed in alone is left in one of the two.

    Returns what is kept, and the others with the reason.
    """
    oldest = dt.datetime.min.replace(tzinfo=UTC)
    order = sorted(entries, key=lambda e: (not e.late, e.submitted or oldest, e.where))
    last = {_identity(person): entry for entry in order for person in entry.people}
    kept, dropped = [], []
    for entry in entries:
        stay = tuple(p for p in entry.people if last[_identity(p)] is entry)
        if stay:
            kept.append(replace(entry, people=stay))
        gone = tuple(p for p in entry.people if p not in stay)
        if gone:
            counts = last[_identity(gone[0])]
            why = "after the deadline" if entry.late and not counts.late else "handed in again"
            dropped.append((replace(entry, people=gone), f"{why}; {counts.where} counts"))
    return kept, dropped


def _identity(person: Person) -> tuple[str, str]:
    """Return who a person is, by number or address; by name only if the platform has neither."""
    number = person.id or person.email.casefold()
    return (number, "") if number else ("", person.name)


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

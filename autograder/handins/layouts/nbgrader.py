"""An nbgrader course: submitted/<student>/<assignment>/ with the files and a timestamp.txt."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.layouts.entry import NBGRADER_COURSE, HandIns, Person, make_entry, newest
from autograder.handins.listing import (
    SUBMITTED,
    TIMESTAMP,
    Listing,
    can_be_handed_in,
    names_at_the_top,
    parse_time,
)
from autograder.parts import Part

NAME = NBGRADER_COURSE
# What nbgrader itself puts beside `submitted`.
ITS_OWN = {"source", "release", "autograded", "feedback", "gradebook.db", "nbgrader_config.py"}
Groups = Mapping[tuple[str, str], Mapping[str, str]]  # files, by student and assignment


def recognises(listing: Listing) -> bool:
    """Return whether there is a folder `submitted`, in which most students have only folders.

    Beside other students' folders, it is a student's too, unless nbgrader's own folders are there.
    """
    if not _submitted(listing):
        return False
    if _is_submitted(listing):
        inside = [*listing.tails.values()]
    else:
        others = names_at_the_top(listing) - {SUBMITTED} - ITS_OWN
        if others and not ITS_OWN & {tail.parts[0] for tail in listing.tails.values()}:
            return False
        inside = [
            PurePosixPath(*tail.parts[1:])
            for tail in listing.tails.values()
            if tail.parts[0] == SUBMITTED and len(tail.parts) > 1
        ]
    handed_in = [tail for tail in inside if can_be_handed_in(tail.name)]
    students = {tail.parts[0] for tail in handed_in}
    otherwise = {tail.parts[0] for tail in handed_in if len(tail.parts) < 3}
    return 2 * len(otherwise) < len(students) or not students


def collect(listing: Listing, part: Part, assignment: str) -> HandIns:
    """Return one assignment's hand-ins: the one that is named, else the one with the part's file.

    Raises SubmissionError if there is no such assignment, or several hold the part's file.
    """
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    stamps: dict[tuple[str, str], dt.datetime | None] = {}
    for name, tail in _submitted(listing).items():
        who = (tail.parts[0], tail.parts[1])
        groups[who][name] = str(PurePosixPath(*tail.parts[2:]))
        # nbgrader writes it here, over a student's own file of that name; a deeper one is the student's
        if tail.parts[2:] == (TIMESTAMP,) and name in listing.times:
            text = listing.source.read(name).decode("utf-8", errors="replace")
            stamps[who] = parse_time(text)
    chosen = _choose_assignment(groups, part, assignment)
    entries = [
        make_entry(
            who[0],
            (Person(who[0], who[0]),),
            "/".join(who),
            listing.source,
            files,
            stamps.get(who) or newest(files, listing.times),
        )
        for who, files in groups.items()
        if who[1] == chosen
    ]
    return HandIns(entries, assignment=chosen)


def _submitted(listing: Listing) -> dict[str, PurePosixPath]:
    """Return the files of hand-ins, each with its path from the folder `submitted`."""
    tails = listing.tails
    if _is_submitted(listing):
        return {name: tail for name, tail in tails.items() if len(tail.parts) > 2}
    return {
        name: PurePosixPath(*tail.parts[1:])
        for name, tail in tails.items()
        if tail.parts[0] == SUBMITTED and len(tail.parts) > 3
    }


def _is_submitted(listing: Listing) -> bool:
    """Return whether the class's folder itself is called `submitted`."""
    return SUBMITTED in (listing.source.path.name, listing.top.name)


def _choose_assignment(groups: Groups, part: Part, assignment: str) -> str:
    """Return the assignment that is meant; if none is named, the only one with the part's file."""
    known = {name for _, name in groups}
    meant = {name for (_, name), files in groups.items() if _holds(files.values(), part)}
    chosen = {assignment} if assignment else meant or known
    if len(chosen) > 1:
        names = ", ".join(sorted(chosen))
        raise SubmissionError(f"several assignments ({names}); choose one with --assignment")
    if not chosen <= known:
        names = ", ".join(sorted(known))
        raise SubmissionError(f"there is no assignment {assignment!r}; there are: {names}")
    return min(chosen)


def _holds(files: Iterable[str], part: Part) -> bool:
    return any(part.stem in file for file in files)

"""An nbgrader course: submitted/<student>/<assignment>/ with the files and a timestamp.txt."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.layouts.entry import NBGRADER_COURSE, HandIns, Person, make_entry, newest
from autograder.handins.listing import SUBMITTED, TIMESTAMP, Listing, parse_time
from autograder.parts import Part

NAME = NBGRADER_COURSE
Groups = Mapping[tuple[str, str], Mapping[str, str]]  # files, by student and assignment


def recognises(listing: Listing) -> bool:
    """Tell whether there is a folder `submitted`, with files in a student's assignment."""
    return bool(_submitted(listing))


def collect(listing: Listing, part: Part, assignment: str) -> HandIns:
    """Return one assignment's hand-ins: the one that is named, else the one with the part's file.

    Raises SubmissionError if there is no such assignment, or several hold the part's file.
    """
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    stamps: dict[tuple[str, str], dt.datetime | None] = {}
    for name, tail in _submitted(listing).items():
        who = (tail.parts[0], tail.parts[1])
        groups[who][name] = str(PurePosixPath(*tail.parts[2:]))
        if tail.name == TIMESTAMP and name in listing.times:
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
    inside = {
        name: PurePosixPath(*tail.parts[1:])
        for name, tail in tails.items()
        if tail.parts[0] == SUBMITTED and len(tail.parts) > 3
    }
    if not inside and SUBMITTED in (listing.source.path.name, listing.top.name):
        inside = {name: tail for name, tail in tails.items() if len(tail.parts) > 2}
    return inside


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

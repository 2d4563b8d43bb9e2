"""An nbgrader course: submitted/<student>/<assignment>/ with the files and a timestamp.txt."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import (
    NBGRADER_COURSE,
    HandIns,
    Person,
    choose_assignment,
    make_entry,
    newest,
)
from autograder.handins.listing import (
    SUBMITTED,
    TIMESTAMP,
    Listing,
    can_be_handed_in,
    names_at_the_top,
)
from autograder.handins.times import UnknownZone, read_stamp
from autograder.parts import Part
from autograder.texts import one_line

NAME = NBGRADER_COURSE
# What nbgrader itself puts beside `submitted`.
ITS_OWN = {"source", "release", "autograded", "feedback", "gradebook.db", "nbgrader_config.py"}
Stamps = dict[tuple[str, str], dt.datetime | None]  # by student and assignment


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


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return one assignment's hand-ins: the one that is named, else the one with the part's file.

    Raises SubmissionError if there is no such assignment, or several hold the part's file.
    """
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    stamps: Stamps = {}
    warnings = []
    for name, tail in _submitted(listing).items():
        who = (tail.parts[0], tail.parts[1])
        groups[who][name] = str(PurePosixPath(*tail.parts[2:]))
        # nbgrader writes it here, over a student's own file of that name; a deeper one is the student's
        if tail.parts[2:] == (TIMESTAMP,) and name in listing.times:
            text = listing.source.read(name).decode("utf-8", errors="replace")
            try:
                if (moment := read_stamp(text, zone)) is not None:
                    stamps[who] = moment
            except UnknownZone as problem:
                stamps[who] = None  # the file's own time is when it was copied
                warnings.append(_unclear("/".join(who), text, str(problem)))
    chosen = choose_assignment({who: f.values() for who, f in groups.items()}, parts, assignment)
    entries = [
        make_entry(
            who[0],
            (Person(who[0], who[0]),),
            "/".join(who),
            listing.source,
            files,
            stamps[who] if who in stamps else newest(files, listing.times),
        )
        for who, files in groups.items()
        if who[1] == chosen
    ]
    return HandIns(entries, assignment=chosen, warnings=tuple(warnings), strays=_outside(listing))


def _unclear(where: str, text: str, zone: str) -> str:
    return one_line(
        f"{where}/{TIMESTAMP} says {text.strip()!r}: it is not clear which zone {zone!r} is, so nobody "
        "can say whether this is late; name the course's zone, as in --timezone Asia/Shanghai"
    )


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


def _outside(listing: Listing) -> tuple[str, ...]:
    """Return the files in `submitted` that lie in no student's folder of an assignment."""
    inside = _submitted(listing)
    whole = _is_submitted(listing)
    return tuple(
        name
        for name, tail in listing.tails.items()
        if name not in inside and (whole or tail.parts[0] == SUBMITTED)
    )

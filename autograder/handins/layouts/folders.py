"""No platform's layout: each folder, zip or source file at the top is one student's."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import FILES, HandIns, Person, make_entry, newest
from autograder.handins.listing import Listing, can_be_handed_in
from autograder.handins.members import is_archive, without_suffix
from autograder.parts import Part

NAME = FILES


def recognises(listing: Listing) -> bool:
    """Return True: what no platform wrote is read like this."""
    return True


def collect(listing: Listing, part: Part, assignment: str) -> HandIns:
    """Return an entry for each folder, zip or source file at the top, with its name."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, tail in listing.tails.items():
        if len(tail.parts) > 1 or can_be_handed_in(tail.name):
            inside = tail.name if len(tail.parts) == 1 else str(PurePosixPath(*tail.parts[1:]))
            groups[tail.parts[0]][name] = inside
    entries = []
    for top, files in groups.items():
        single = len(files) == 1 and next(iter(files.values())) == top
        stem = without_suffix(top).name if is_archive(top) else PurePosixPath(top).stem
        name = stem if single else top
        time = newest(files, listing.times)
        entries.append(make_entry(name, (Person(name),), top, listing.source, files, time))
    return HandIns(entries)

"""No platform's layout: each folder, zip or source file at the top is one student's."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import (
    FILES,
    HandIns,
    Person,
    make_entry,
    may_be_work,
    newest,
)
from autograder.handins.listing import Listing
from autograder.handins.members import is_archive, without_suffix
from autograder.parts import Part

NAME = FILES


def recognises(listing: Listing) -> bool:
    """Return True: what no platform wrote is read like this."""
    return True


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each folder, zip or source file at the top, with its name."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name, tail in listing.tails.items():
        if len(tail.parts) > 1 or may_be_work(tail):
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

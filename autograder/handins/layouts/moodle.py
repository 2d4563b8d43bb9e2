"""Moodle's export: a folder or a file for each student, with their name and Moodle's number."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import MOODLE_EXPORT, HandIns, Person, make_entry, newest
from autograder.handins.listing import Listing, names_at_the_top
from autograder.parts import Part

NAME = MOODLE_EXPORT
# The first match counts: the student chose the name after it.
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_file_?(?P<file>.*)", re.DOTALL)
OF_MOODLE = "_assignsubmission_"  # also for groups, and for text that was typed on the page


def recognises(listing: Listing) -> bool:
    """Return whether more than half of the folders and files are named as Moodle names them."""
    tops = names_at_the_top(listing)
    named = [name for name in tops if OF_MOODLE in name]
    readable = (MOODLE.fullmatch(tail.parts[0]) for tail in listing.tails.values())
    return 2 * len(named) > len(tops) and any(readable)


def collect(listing: Listing, part: Part, assignment: str) -> HandIns:
    """Return an entry for each student; its time is that of the newest file."""
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, tail in listing.tails.items():
        if match := MOODLE.fullmatch(tail.parts[0]):
            inside = PurePosixPath(match["file"] if len(tail.parts) == 1 else "", *tail.parts[1:])
            groups[match["name"], match["id"]][name] = str(inside)
    entries = [
        make_entry(
            name,
            (Person(name, number),),
            f"{name}_{number}",
            listing.source,
            files,
            newest(files, listing.times),
        )
        for (name, number), files in groups.items()
    ]
    return HandIns(entries, exclusive=True)

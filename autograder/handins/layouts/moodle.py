"""Moodle's export: a folder or a file for each student, with their name and Moodle's number.

As mod/assign/classes/downloader.php names them: NAME_NUMBER_assignsubmission_PLUGIN, where NAME is the
group's for groups, and the word for a participant in blind marking. The group of students without a
group has no number. The plugin is `file` for files and `onlinetext` for text typed on the page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import MOODLE_EXPORT, HandIns, Person, make_entry, newest
from autograder.handins.listing import Listing, names_at_the_top
from autograder.parts import Part

NAME = MOODLE_EXPORT
# The first match counts: the student chose the name after it.
MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL
)


def recognises(listing: Listing) -> bool:
    """Return whether more than half of the folders and files are named as Moodle names them."""
    tops = names_at_the_top(listing)
    return 2 * sum(bool(MOODLE.fullmatch(name)) for name in tops) > len(tops)


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each student or group; its time is that of the newest file."""
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, tail in listing.tails.items():
        if match := MOODLE.fullmatch(tail.parts[0]):
            inside = PurePosixPath(match["file"] if len(tail.parts) == 1 else "", *tail.parts[1:])
            groups[match["name"], match["id"] or ""][name] = str(inside)
    entries = [
        make_entry(
            name,
            (Person(name, number),),
            f"{name}_{number}" if number else name,
            listing.source,
            files,
            newest(files, listing.times),
        )
        for (name, number), files in groups.items()
    ]
    warnings = tuple(
        f"{entry.key}: Moodle does not say whose hand-in this is; its students are in no group"
        for entry in entries
        if not entry.people[0].id
    )
    return HandIns(entries, exclusive=True, warnings=warnings)

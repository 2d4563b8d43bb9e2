"""Brightspace's export: a folder or file `NUMBER-NUMBER - STUDENT - TIME` for each time of handing in.

The first number is the student's. The time is written in the language of the person who downloads, and
in the zone of the server; one that cannot be read is left out, and then the order of names decides.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence

from autograder.handins.layouts.entry import BRIGHTSPACE_EXPORT, HandIns, Person, make_entry
from autograder.handins.listing import Listing, names_at_the_top
from autograder.handins.times import read_written
from autograder.parts import Part

NAME = BRIGHTSPACE_EXPORT
# The first fit counts: in flat files the student's own name for the file follows.
BRIGHTSPACE = re.compile(
    r"(?P<user>\d{1,12})-(?P<folder>\d{1,12}) ?- ?(?P<name>.+?) ?- ?"
    r"(?P<time>(?:\w+\.? \d{1,2}|\d{1,2} \w+),? \d{4} \d{1,2}:?\d{2}(?: [AaPp][Mm])?)"
    r"(?: ?- ?(?P<file>.+))?",
    re.DOTALL,
)
ITS_OWN = ("index.html",)


def recognises(listing: Listing) -> bool:
    """Return whether more than half of what is at the top is named as Brightspace names it."""
    tops = names_at_the_top(listing)
    return 2 * sum(bool(BRIGHTSPACE.fullmatch(name)) for name in tops) > len(tops)


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each time that a student handed in."""
    groups: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for name, tail in listing.tails.items():
        if match := BRIGHTSPACE.fullmatch(tail.parts[0]):
            inside = "/".join(tail.parts[1:]) or match["file"] or tail.name
            groups[match["user"], match["name"], match["time"]][name] = inside
    entries = [
        make_entry(
            name,
            (Person(name, user),),
            f"{name} - {time}",
            listing.source,
            files,
            read_written(time, zone),
        )
        for (user, name, time), files in groups.items()
    ]
    strays = tuple(
        n
        for n, tail in listing.tails.items()
        if not BRIGHTSPACE.fullmatch(tail.parts[0]) and tail.name not in ITS_OWN
    )
    return HandIns(entries, exclusive=True, strays=strays)

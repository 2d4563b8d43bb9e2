"""A Teams class's files as SharePoint hands them out: `Submitted files` in `Student Work`.

Each hand-in is `Submitted files/STUDENT/ASSIGNMENT/Version N/`, and the highest version is the latest.
`Working files` beside it holds what students have not handed in; such a student gets a row, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence

from autograder.handins.layouts.entry import (
    TEAMS_FILES,
    HandIns,
    Person,
    choose_assignment,
    make_entry,
    newest,
)
from autograder.handins.listing import Listing
from autograder.parts import Part

NAME = TEAMS_FILES
SUBMITTED, WORKING = "Submitted files", "Working files"
VERSION = re.compile(r"Version (\d{1,6})")


def recognises(listing: Listing) -> bool:
    """Return whether the folder is Teams's, and most students' files are in numbered versions."""
    own = _own(listing, SUBMITTED)
    students = {parts[0] for parts in own.values()}
    versions = {p[0] for p in own.values() if len(p) > 3 and VERSION.fullmatch(p[2])}
    return 2 * len(versions) > len(students)


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each student: the highest version of one assignment."""
    own = {n: p for n, p in _own(listing, SUBMITTED).items() if len(p) > 2}
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    numbers: dict[str, int] = {}
    latest: dict[tuple[str, str], int] = {}
    for name, path in own.items():
        match = VERSION.fullmatch(path[2]) if len(path) > 3 else None
        numbers[name] = int(match[1]) if match else 0
        who = (path[0], path[1])
        groups[who][name] = "/".join(path[3:] if match else path[2:])
        latest[who] = max(latest.get(who, 0), numbers[name])
    chosen = choose_assignment({who: f.values() for who, f in groups.items()}, parts, assignment)
    entries, replaced = [], []
    for (student, of), files in groups.items():
        if of != chosen:
            continue
        last = latest[student, of]
        counting = {n: inside for n, inside in files.items() if numbers[n] == last}
        some = min(counting)
        replaced += [(name, some) for name in files if name not in counting]
        where = f"{student}/{of}/Version {last}"
        time = newest(counting, listing.times)
        entries.append(
            make_entry(student, (Person(student),), where, listing.source, counting, time)
        )
    known = {entry.people[0].name for entry in entries}
    for student in sorted({p[0] for p in _own(listing, WORKING).values() if len(p) > 1} - known):
        where = f"{WORKING}/{student}: nothing handed in"
        entries.append(make_entry(student, (Person(student),), where, listing.source, {}, None))
    outside = tuple(n for n, p in _own(listing, SUBMITTED).items() if len(p) < 3)
    return HandIns(entries, chosen, tuple(replaced), strays=outside)


def _own(listing: Listing, folder: str) -> dict[str, tuple[str, ...]]:
    """Return the files in one of Teams's two folders, each with its path from there."""
    found = {}
    for name, tail in listing.tails.items():
        parts = (listing.source.path.name, *listing.top.parts, *tail.parts)
        if folder in parts[:-1][: len(parts) - len(tail.parts) + 1]:
            found[name] = parts[parts.index(folder) + 1 :]
    return {name: parts for name, parts in found.items() if parts}

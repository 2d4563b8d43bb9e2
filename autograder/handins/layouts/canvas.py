"""Canvas's export: flat files, each with the student's name and number and the attachment's number.

Canvas adds -1, -2, ... to the name of a file that a student hands in again, and marks late ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import CANVAS_EXPORT, Entry, HandIns, Person, make_entry
from autograder.handins.listing import Listing, names_at_the_top
from autograder.parts import Part

NAME = CANVAS_EXPORT
CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<attachment>\d{1,18})_(?P<file>.+)",
    re.DOTALL,
)
AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d{1,9})$", re.DOTALL)


def recognises(listing: Listing) -> bool:
    """Return whether more than half of what is at the top are files as Canvas names them."""
    tops = names_at_the_top(listing)
    flat = {tail.name for tail in listing.tails.values() if len(tail.parts) == 1}
    return 2 * sum(bool(CANVAS.fullmatch(name)) for name in tops & flat) > len(tops)


def collect(listing: Listing, part: Part, assignment: str) -> HandIns:
    """Return an entry for each student; of files that differ only by -N the last attachment counts."""
    groups: dict[tuple[str, str], dict[str, tuple[tuple[int, int], str]]] = defaultdict(dict)
    late: set[tuple[str, str]] = set()
    for name, tail in listing.tails.items():
        match = CANVAS.fullmatch(tail.name)
        if not match or len(tail.parts) > 1:
            continue
        who = (match["name"], match["user"])
        inside, order = _attachment(match)
        if inside not in groups[who] or groups[who][inside][0] < order:
            groups[who][inside] = (order, name)
        if match["late"]:
            late.add(who)
    entries = []
    for who, files in groups.items():
        names = {name: inside for inside, (_, name) in files.items()}
        entry = make_entry(who[0], (Person(*who),), "_".join(who), listing.source, names, None)
        entries.append(replace(entry, late=who in late))
    replaced = tuple(_replaced(entries, listing.times))
    return HandIns(entries, replaced=replaced, marks_late=True, exclusive=True)


def _attachment(match: re.Match[str]) -> tuple[str, tuple[int, int]]:
    """Return what the student called a file, and which attachment of that name it is."""
    file = PurePosixPath(match["file"])
    again = AGAIN.fullmatch(file.stem)
    number = int(again["number"]) if again else 0
    return (again["stem"] if again else file.stem) + file.suffix, (int(match["attachment"]), number)


def _replaced(entries: Iterable[Entry], names: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs: a file, and the later file of the same student and name that replaces it."""
    counting = {
        (entry.people[0].id, inside): name
        for entry in entries
        for name, inside in entry.names.items()
    }
    pairs = []
    for name in names:
        match = CANVAS.fullmatch(PurePosixPath(name).name)
        last = counting.get((match["user"], _attachment(match)[0])) if match else None
        if last is not None and last != name:
            pairs.append((name, last))
    return pairs

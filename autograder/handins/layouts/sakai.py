"""Sakai's export: ASSIGNMENT/STUDENT(USER)/ with Submission attachment(s)/ and a timestamp.txt.

Older versions write flat files, with underscores in place of the folders. What was typed on the page
is STUDENT(USER)_submissionText.html. `grades.csv` and the folders of feedback are Sakai's own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence

from autograder.handins.layouts.entry import SAKAI_EXPORT, HandIns, Person, make_entry, newest
from autograder.handins.listing import TIMESTAMP, UTC, Listing
from autograder.handins.times import read_written
from autograder.parts import Part

NAME = SAKAI_EXPORT
# The first fit counts: the student chose what comes after it.
STUDENT = re.compile(r"(?P<name>[^/]+?) ?\((?P<user>[^()/]{1,100})\)(?P<rest>[/_].+)", re.DOTALL)
FILE = re.compile(r"[/_]Submission attachment\(s\)[/_](?P<file>.+)", re.DOTALL)
FEEDBACK = ("/Feedback Attachment(s)", "_Feedback Attachment(s)")


def recognises(listing: Listing) -> bool:
    """Return whether most students' names hold a user's name, and their files lie in Sakai's folder."""
    tops, fitting = set(), set()
    for path in _paths(listing).values():
        match = STUDENT.fullmatch(path)
        tops.add(match["user"] if match else path)
        if match and FILE.fullmatch(match["rest"]):
            fitting.add(match["user"])
    return 2 * len(fitting) > len(tops - {"grades.csv", "grades.xls"})


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each student."""
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    stamps: dict[tuple[str, str], dt.datetime | None] = {}
    for name, path in _paths(listing).items():
        match = STUDENT.fullmatch(path)
        if match is None or match["rest"].startswith(FEEDBACK):
            continue
        who = (match["name"], match["user"])
        file = FILE.fullmatch(match["rest"])
        if file:
            groups[who][name] = file["file"]
        elif match["rest"][1:] == TIMESTAMP:
            text = listing.source.read(name).decode("utf-8", errors="replace")
            stamps[who] = read_written(text, UTC)
        else:
            groups[who][name] = match["rest"][1:]
    entries = [
        make_entry(
            name,
            (Person(name, user),),
            f"{name}({user})",
            listing.source,
            files,
            stamps.get((name, user)) or newest(files, listing.times),
        )
        for (name, user), files in groups.items()
    ]
    return HandIns(entries, exclusive=True)


def _paths(listing: Listing) -> dict[str, str]:
    """Return every file's path from the folder that holds the students' folders.

    In an export of one student, that student's folder is the one that holds everything.
    """
    whole = {n: (*listing.top.parts, *t.parts) for n, t in listing.tails.items()}
    while True:
        first = {parts[0] for parts in whole.values()}
        deeper = all(len(parts) > 1 for parts in whole.values())
        if len(first) != 1 or not deeper or STUDENT.fullmatch(f"{min(first)}/x"):
            return {name: "/".join(parts) for name, parts in whole.items()}
        whole = {name: parts[1:] for name, parts in whole.items()}

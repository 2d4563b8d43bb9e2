"""Blackboard's export: flat files ASSIGNMENT_USER_attempt_TIME_FILE, and a text for each attempt.

The text, ASSIGNMENT_USER_attempt_TIME.txt, is Blackboard's own, and its first line names the student:
`Name: Ada Lindt (alindt)`. No file that a student hands in has its name, since Blackboard puts the time
before the student's name for a file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from autograder.errors import SubmissionError
from autograder.handins.layouts.entry import BLACKBOARD_EXPORT, HandIns, Person, make_entry
from autograder.handins.listing import Listing, names_at_the_top
from autograder.handins.times import read_written
from autograder.parts import Part

NAME = BLACKBOARD_EXPORT
# The first fit counts: what comes after it is the student's own name for the file.
BLACKBOARD = re.compile(
    r"(?P<who>.+?)_attempt_(?P<time>\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2})"
    r"(?:_(?P<file>.+)|(?P<own>\.txt))",
    re.DOTALL,
)
LONGEST_TEXT = 1 << 16  # bytes of Blackboard's text
PERSON = re.compile(r"Name:[ \t]*(?P<name>[^\n\r]{1,200}?)[ \t]*\((?P<user>[^()\n\r]{1,100})\)")


def recognises(listing: Listing) -> bool:
    """Return whether more than half of what is at the top are files as Blackboard names them."""
    tops = names_at_the_top(listing)
    return 2 * sum(bool(BLACKBOARD.fullmatch(name)) for name in tops) > len(tops)


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each attempt of each student."""
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)  # by who and time
    told: dict[str, str] = {}  # Blackboard's own texts, by who
    for name, tail in listing.tails.items():
        match = BLACKBOARD.fullmatch(tail.name) if len(tail.parts) == 1 else None
        if match is None:
            continue
        files = groups[match["who"], match["time"]]
        if match["own"]:
            told[match["who"]] = name
        else:
            files[name] = match["file"]
    users = _users({who for who, _ in groups})
    people = {who: _person(listing, told.get(who), users[who], who) for who in users}
    entries = [
        make_entry(
            people[who].name,
            (people[who],),
            f"{who}_attempt_{time}",
            listing.source,
            files,
            read_written(time, zone),
        )
        for (who, time), files in groups.items()
    ]
    return HandIns(entries, exclusive=True)


def _users(whos: Iterable[str]) -> dict[str, str]:
    """Return the user of each ASSIGNMENT_USER: the assignment is what all begin with."""
    whos = sorted(whos)
    shared = [a for a, b in takewhile(lambda pair: pair[0] == pair[1], zip(whos[0], whos[-1]))]
    start = "".join(shared).rfind("_") + 1
    if len(whos) == 1:  # a user's name rarely has an underscore
        return {whos[0]: whos[0][whos[0].rfind("_") + 1 :]}
    return {who: who[start:] for who in whos}


def _person(listing: Listing, text: str | None, user: str, who: str) -> Person:
    """Return who Blackboard's own text names, if it names the user of the file's name."""
    if text is not None:
        try:
            start = listing.source.read(text)[:LONGEST_TEXT].decode("utf-8", errors="replace")
        except SubmissionError:
            start = ""
        match = PERSON.match(start.lstrip("\ufeff"))
        if match and who.endswith(f"_{match['user']}"):
            return Person(match["name"], match["user"])
    return Person(user, user)

"""Canvas's export: flat files, each with the student's name and number and the attachment's number.

As lib/content_zipper.rb of Canvas names them: NAME_[LATE_]USER_ATTACHMENT_FILE, with a group's name for
groups; NAME_[LATE_]USER_text.html and _link.html for what was typed into the page; and without names
[LATE_]anon_CODE_ATTACHMENT_FILE. A name is in lower case and may hold underscores. Canvas adds -1, -2,
... to the name of a file that a student hands in again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from autograder.handins.layouts.entry import CANVAS_EXPORT, Entry, HandIns, Person, make_entry
from autograder.handins.listing import Listing, names_at_the_top
from autograder.parts import Part

NAME = CANVAS_EXPORT
# The first fit counts: what comes after it is the student's own name for the file.
UPLOAD = re.compile(
    r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d{1,20})_(?P<attachment>\d{1,18})_(?P<file>.+)",
    re.DOTALL,
)
ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon)_(?P<user>[A-Za-z0-9]{1,40})_(?P<attachment>\d{1,18})_(?P<file>.+)",
    re.DOTALL,
)
TYPED = re.compile(
    r"(?:(?P<name>.+)_)?(?P<late>LATE_)?(?P<user>anon_[A-Za-z0-9]{1,40}|\d{1,20})"
    r"_(?P<file>(?:text|link)\.html)",
    re.DOTALL,
)
NEXT = re.compile(r"(?P<attachment>\d{1,18})_(?P<file>.+)", re.DOTALL)
AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d{1,9})$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a file in Canvas's export says; `attachment` is 0 for text that was typed."""

    name: str
    user: str
    late: bool
    attachment: int
    file: str

    @property
    def inside(self) -> str:
        """What the student called the file, without the number that Canvas adds."""
        file = PurePosixPath(self.file)
        again = AGAIN.fullmatch(file.stem)
        return (again["stem"] if again else file.stem) + file.suffix

    @property
    def order(self) -> tuple[int, int]:
        """Which of several files of one name it is."""
        again = AGAIN.fullmatch(PurePosixPath(self.file).stem)
        return self.attachment, int(again["number"]) if again else 0


def recognises(listing: Listing) -> bool:
    """Return whether more than half of what is at the top are files as Canvas names them."""
    tops = names_at_the_top(listing)
    flat = {tail.name for tail in listing.tails.values() if len(tail.parts) == 1}
    return 2 * sum(read_name(name) is not None for name in tops & flat) > len(tops)


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each student; of files that differ only by -N the last attachment counts."""
    read = _read_all({n: t.name for n, t in listing.tails.items() if len(t.parts) == 1})
    groups: dict[str, dict[str, str]] = defaultdict(dict)  # a source's names, by user and inside
    called: dict[str, str] = {}
    late: set[str] = set()
    for name, told in read.items():
        files = groups[told.user]
        before = files.get(told.inside)
        if before is None or read[before].order < told.order:
            files[told.inside] = name
        called.setdefault(told.user, told.name)
        if told.late:
            late.add(told.user)
    entries = []
    for user, files in groups.items():
        names = {name: inside for inside, name in files.items()}
        person = Person(called[user], user)
        where = f"{person.name}_{user}"
        entry = make_entry(person.name, (person,), where, listing.source, names, None)
        entries.append(replace(entry, late=user in late))
    replaced = tuple(_replaced(entries, read))
    return HandIns(entries, replaced=replaced, marks_late=True, exclusive=True)


def read_name(name: str) -> Named | None:
    """Return what a file's name says, by the first fit; None if Canvas names no file so."""
    if match := ANONYMOUS.fullmatch(name) or UPLOAD.fullmatch(name):
        number = int(match["attachment"])
        return Named(match["name"], match["user"], bool(match["late"]), number, match["file"])
    if match := TYPED.fullmatch(name):
        user = match["user"].removeprefix("anon_")
        own = match["name"] or "anon"
        late = bool(match["late"]) or own.endswith("_LATE") or own == "LATE"
        own = own.removesuffix("LATE").removesuffix("_") or "anon"
        return Named(own, user, late, 0, match["file"])
    return None


def _read_all(names: Mapping[str, str]) -> dict[str, Named]:
    """Return what every name says, read alike.

    A group may be called `team_2`: then the first fit takes the group's 2 for the user's number. The
    second fit is taken if its number is as long as others' in this class, and the first one's is not.
    """
    first = {name: told for name, own in names.items() if (told := read_name(own)) is not None}
    clear = [told for told in first.values() if told.attachment and not NEXT.fullmatch(told.file)]
    usual = {length for length, _ in Counter(len(told.user) for told in clear).most_common(3)}
    return {name: _shifted(told, usual) or told for name, told in first.items()}


def _shifted(told: Named, usual: set[int]) -> Named | None:
    """Return the second fit of a name if only that one has a number of a usual length."""
    match = NEXT.fullmatch(told.file)
    user = str(told.attachment)
    if not match or told.late or len(told.user) in usual or len(user) not in usual:
        return None
    name = f"{told.name}_{told.user}"
    return Named(name, user, told.late, int(match["attachment"]), match["file"])


def _replaced(entries: Iterable[Entry], read: Mapping[str, Named]) -> Iterable[tuple[str, str]]:
    """Yield pairs: a file, and the later file of the same student and name that replaces it."""
    counting = {
        (entry.people[0].id, read[name].inside): name for entry in entries for name in entry.names
    }
    for name, told in read.items():
        last = counting.get((told.user, told.inside))
        if last is not None and last != name:
            yield name, last

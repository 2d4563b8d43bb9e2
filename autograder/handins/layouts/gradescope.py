"""Gradescope's export: a folder for each submission, and one YAML file that names the people."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.layouts.entry import GRADESCOPE_EXPORT, HandIns, Person, make_entry
from autograder.handins.listing import (
    METADATA,
    Listing,
    Source,
    names_at_the_top,
    open_class,
    parse_time,
)
from autograder.handins.reading import read_regular
from autograder.handins.zips import ZIP_ERRORS, unpack
from autograder.parts import Part

NAME = GRADESCOPE_EXPORT
MAX_METADATA = 256 << 20  # bytes; Gradescope writes every earlier result into it
WRAPPER = "export"  # Gradescope calls the folder that holds everything assignment_<number>_export
FOLDER = re.compile(r"submission_\d+")
START = re.compile(r"['\"]?(submission_\d+)['\"]?:[ \t]*")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")


def recognises(listing: Listing) -> bool:
    """Return whether Gradescope's metadata is at the export's top, beside folders of submissions.

    A file of that name in a student's hand-in does not count.
    """
    return _metadata(listing) is not None


def collect(
    listing: Listing, parts: Sequence[Part], assignment: str, zone: dt.tzinfo | None = None
) -> HandIns:
    """Return an entry for each submission in the metadata, even if it has no files."""
    metadata = _metadata(listing)
    if metadata is None:
        raise SubmissionError(f"{listing.source.path}: holds no {METADATA}")
    top = PurePosixPath(metadata).parent
    names = [*listing.times, *listing.others]
    entries = []
    text = _read_metadata(listing.source, metadata)
    for folder, (people, submitted) in parse_metadata(text).items():
        key = people[0].name or people[0].email or folder
        inside = _below(names, top / folder)
        entries.append(make_entry(key, people, folder, listing.source, inside, submitted))
    return HandIns(entries, exclusive=True)


def _metadata(listing: Listing) -> str | None:
    """Return the name of the metadata at the top of an export; None if this is not an export."""
    tops = names_at_the_top(listing)
    for name, tail in listing.tails.items():
        if tail.name != METADATA or name not in listing.times or len(tail.parts) > 2:
            continue
        beside = tops
        if len(tail.parts) == 2:
            if tops != {tail.parts[0]} or WRAPPER not in tail.parts[0].lower():
                continue
            inside = (other.parts for other in listing.tails.values())
            beside = {parts[1] for parts in inside if len(parts) > 2}
        if 2 * sum(bool(FOLDER.fullmatch(one)) for one in beside) > len(beside):
            return name
    return None


def parse_metadata(
    text: str,
) -> dict[str, tuple[tuple[Person, ...], dt.datetime | None]]:
    """Return submitters and times, by folder, from the text of a submission_metadata.yml.

    Only these lines are read, by their indentation. The rest is the output of grading each submission.
    Only a line feed ends a line, because students' texts may hold other separators.
    """
    submissions: dict[str, tuple[tuple[Person, ...], dt.datetime | None]] = {}
    people: list[dict[str, str]] = []
    folder, submitted, listing = "", None, False

    def finish() -> None:
        if folder:
            persons = tuple(
                Person(p.get("name", ""), p.get("sid", ""), p.get("email", "")) for p in people
            )
            submissions[folder] = (persons or (Person(folder),), submitted)

    for line in text.split("\n"):
        inner = line.lstrip(" ")
        indent = len(line) - len(inner)
        if not indent and (start := START.fullmatch(line.rstrip("\r"))):
            finish()
            folder, people, submitted, listing = start[1], [], None, False
            continue
        item = inner.startswith("- ")
        key, colon, value = inner[2 * item :].lstrip(" ").removeprefix(":").partition(":")
        if not colon or not key.isidentifier():
            continue
        if indent == 2 and not item:
            listing = key == "submitters"
            if key == "created_at":
                submitted = parse_time(value)
        elif listing and indent:
            if item:
                people.append({})
            if people:
                people[-1][key] = _scalar(value)
    finish()
    return submissions


def _read_metadata(source: Source, name: str) -> str:
    try:
        if source.path.is_dir():
            data = read_regular(source.path / name, MAX_METADATA)
        else:
            archive = open_class(source.path)
            info = archive.getinfo(name)
            if info.file_size > MAX_METADATA:
                raise SubmissionError(f"{name}: more than {MAX_METADATA >> 20} MB")
            data = unpack(archive, info)
    except ZIP_ERRORS as problem:
        raise SubmissionError(f"{name}: cannot be read ({problem})") from problem
    return data.decode("utf-8", errors="replace")


def _below(names: Iterable[str], folder: PurePosixPath) -> dict[str, str]:
    """Return the files in a folder, each with its path from there."""
    return {
        name: str(PurePosixPath(name).relative_to(folder))
        for name in names
        if PurePosixPath(name).is_relative_to(folder)
    }


def _unescaped(escape: re.Match[str]) -> str:
    """Return the character that an escape in a YAML text stands for."""
    code = int(escape[1] or escape[2] or escape[3] or "0", 16)
    return escape[4] or (chr(code) if code <= sys.maxunicode else "\N{REPLACEMENT CHARACTER}")


def _scalar(text: str) -> str:
    """Return a YAML scalar of one line as text."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return ESCAPE.sub(_unescaped, text[1:-1])
    return "" if text in ("null", "~") else text

"""Gradescope's export: a folder for each submission, and one YAML file that names the people."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.layouts.entry import GRADESCOPE_EXPORT, HandIns, Person, make_entry
from autograder.handins.listing import METADATA, Listing, Source, parse_time
from autograder.parts import Part

NAME = GRADESCOPE_EXPORT
MAX_METADATA = 256 << 20  # bytes; Gradescope writes every earlier result into it


def recognises(listing: Listing) -> bool:
    """Tell whether there is a file with Gradescope's metadata."""
    return any(PurePosixPath(name).name == METADATA for name in listing.times)


def collect(listing: Listing, part: Part, assignment: str) -> HandIns:
    """Return an entry for each submission in the metadata, also of one without files."""
    files = [name for name in listing.times if PurePosixPath(name).name == METADATA]
    metadata = min(files, key=lambda name: len(PurePosixPath(name).parts))
    top = PurePosixPath(metadata).parent
    names = [*listing.times, *listing.others]
    entries = []
    text = _read_metadata(listing.source, metadata)
    for folder, (people, submitted) in parse_metadata(text).items():
        key = people[0].name or people[0].email or folder
        inside = _below(names, top / folder)
        entries.append(make_entry(key, people, folder, listing.source, inside, submitted))
    return HandIns(entries, exclusive=True)


def parse_metadata(
    text: str,
) -> dict[str, tuple[tuple[Person, ...], dt.datetime | None]]:
    """Return submitters and times, by folder, from the text of a submission_metadata.yml.

    Only these lines are read, by their indentation: the rest is what was printed while every student's
    submission was graded.
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

    for line in text.splitlines():
        if start := re.fullmatch(r"['\"]?(submission_\d+)['\"]?:\s*", line):
            finish()
            folder, people, submitted, listing = start[1], [], None, False
        elif field := re.fullmatch(r"  :?(\w+):\s*(.*)", line):
            listing = field[1] == "submitters"
            if field[1] == "created_at":
                submitted = parse_time(field[2])
        elif listing and (field := re.fullmatch(r"\s+(- )?\s*:?(\w+):\s*(.*)", line)):
            if field[1]:
                people.append({})
            if people:
                people[-1][field[2]] = _scalar(field[3])
    finish()
    return submissions


def _read_metadata(source: Source, name: str) -> str:
    if source.path.is_dir():
        data = (source.path / name).read_bytes()
    else:
        with zipfile.ZipFile(source.path) as archive:
            if archive.getinfo(name).file_size > MAX_METADATA:
                raise SubmissionError(f"{name}: too large")
            data = archive.read(name)
    return data.decode("utf-8", errors="replace")


def _below(names: Iterable[str], folder: PurePosixPath) -> dict[str, str]:
    """Return the files in a folder, each with its path from there."""
    return {
        name: str(PurePosixPath(name).relative_to(folder))
        for name in names
        if PurePosixPath(name).is_relative_to(folder)
    }


def _scalar(text: str) -> str:
    """Return a YAML scalar of one line as text."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        body = re.sub(
            r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})",
            lambda m: chr(int(m[1][1:], 16)),
            text[1:-1],
        )
        return re.sub(r"\\(.)", r"\1", body)
    return "" if text in ("null", "~") else text

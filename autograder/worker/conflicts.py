"""Find what a version control system left in a text where two versions of it did not fit together.

A function with a conflict is not run: with its lines cut out, or with both versions, it would be
another one. Outside of functions, the first version counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARKER = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?:\s.*)?$")
TO_DO = "choose one version and delete the markers"


class Conflict(SyntaxError):
    """A text holds a conflict; `msg` is the whole sentence for the student."""


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of one conflict, from its first marker to its last, both counted from 0.

    The lines of the first version end before `middle`.
    """

    first: int
    middle: int
    last: int

    def touches(self, start: int, end: int) -> bool:
        """Tell whether lines from `start` to `end`, counted from 0, have a line of the conflict."""
        return start <= self.last and self.first <= end


def regions(lines: Sequence[str]) -> list[Region]:
    """Return the conflicts in a text; one of which some markers were deleted ends at its last one."""
    found: list[Region] = []
    group: list[tuple[str, int]] = []
    for at, line in enumerate(lines):
        match = MARKER.match(line)
        if match is None:
            continue
        kind = match[1][0]
        if kind == "<":
            found += _region(group)
            group = []
        group.append((kind, at))
        if kind == ">":
            found += _region(group)
            group = []
    return [*found, *_region(group)]


def _region(group: Sequence[tuple[str, int]]) -> Iterator[Region]:
    kinds = [kind for kind, _ in group]
    if "<" not in kinds and ">" not in kinds:
        return  # a line of seven equals signs may underline a title in a docstring
    first, last = group[0][1], group[-1][1]
    bases = [at for kind, at in group if kind in "|="]
    yield Region(first, bases[0] if bases else last, last)


def first_version(lines: Sequence[str], found: Sequence[Region]) -> list[str]:
    """Return a text's lines with the first version of each conflict; the numbers of lines stay."""
    one = list(lines)
    for region in found:
        for at in range(region.first, region.last + 1):
            if not region.first < at < region.middle:
                one[at] = ""
    return one


def told(line: int) -> str:
    """Return the sentence for a function with a conflict that begins at a line, counted from 1."""
    return f"this function still holds the markers of a merge conflict (line {line}): {TO_DO}"


def of_region(place: str, region: Region) -> Conflict:
    """Return the error of a conflict, for a note: of what is no function, the first version was run."""
    found = Conflict(
        f"the markers of a merge conflict; outside of functions, the first version was run: {TO_DO}"
    )
    found.filename, found.lineno = place, region.first + 1
    return found

"""Sort people's names as readers expect: accents and capitals decide last, not first.

This is the first three levels of the Unicode Collation Algorithm for the letters of Latin scripts; the
letters of others stand in the order of their code points, after them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from autograder.reports.gradebook import Row

# Letters that Unicode does not take apart, as the collation of most languages reads them.
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
     "ŋ": "n", "ŧ": "t", "ə": "e"}
)  # fmt: skip


def sort_key(name: str) -> tuple[str, str, str]:
    """Return what a name is sorted by: its letters, then their accents, then all the rest."""
    apart = unicodedata.normalize("NFKD", name.strip().casefold())
    base = "".join(c for c in apart if not unicodedata.combining(c))
    return base.translate(LETTERS), apart, name


def name_of(row: Row) -> str:
    """Return the names of a hand-in's people as they write them, or the name of its folder."""
    return ", ".join(person.name for person in row.people if person.name.strip()) or row.key


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Return a class's rows by the names of the people."""
    return sorted(rows, key=lambda row: (sort_key(name_of(row)), row.key))


def names_of(rows: Sequence[Row]) -> Mapping[str, str]:
    """Return what pages call each row, by its key: the names, or the key where names are the same."""
    names = {row.key: name_of(row) for row in rows}
    seen: dict[str, int] = {}
    for name in names.values():
        seen[name] = seen.get(name, 0) + 1
    return {key: name if seen[name] == 1 else key for key, name in names.items()}

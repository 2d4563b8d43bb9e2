"""One file with the sentences that a course gave to mistakes, for another course to take in.

It holds the sentences, the functions and the checks, and what a wrong function returned: its
fingerprint, by which it is found again. It holds no code, no student's name, no result. The first line
of an error is part of a fingerprint; where that names a file, the mistake is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import AnswersError
from autograder.judging import errors, named
from autograder.judging.fingerprints import Fingerprint, alike, load_fingerprints, pack
from autograder.outputs import DAMAGE, Array, read_npz, write_npz
from autograder.parts import Part

FORMAT = "named mistakes 1"
PLACE = re.compile(r"[/\\]")  # in an error's text: it may be a path with somebody's name
ID = re.compile(r"[A-Za-z0-9_]{1,60}-[0-9a-f]{4,16}")  # it becomes the name of a file


@dataclass(slots=True)
class Taken:
    """What became of the sentences of a file, by their ids.

    Attributes:
        new: written.
        known: there already, under that id or for a function that returns the same.
        other: made by other probes or with another course's key, so that they name nothing here.
    """

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """How many sentences a file holds, how many were left out, and the errors that it repeats."""

    count: int
    left: int
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    """One sentence of such a file."""

    part: str
    key: str
    id: str
    function: str
    says: str
    loses: tuple[str, ...]
    probes: str
    prints: Mapping[str, Fingerprint]


def share(chosen: Sequence[Part], path: Path) -> Given:
    """Write the names of some parts into a file; raise AnswersError if there is none to write."""
    arrays: dict[str, Array] = {}
    names: list[dict[str, Any]] = []
    told, left = set(), 0
    for part in chosen:
        for one in named.load_named(part):
            lines = {known.error for known in one.prints.values() if known.error}
            if any(map(PLACE.search, lines)):
                left += 1
                continue
            told |= lines
            id = one.mistake.id
            own, said = pack({id: one.prints})
            arrays |= {f"{part.name}/{key}": array for key, array in own.items()}
            names.append(
                {
                    "part": part.name,
                    "key": part.key_id,
                    "id": id,
                    "function": one.mistake.function,
                    "says": one.mistake.says,
                    "loses": list(one.mistake.loses),
                    "probes": one.probes,
                    "errors": said.get(id, {}),
                }
            )
    if not names:
        raise AnswersError("no mistake was named that can be shared")
    write_npz(path, arrays, {"format": FORMAT, "names": names})
    return Given(len(names), left, tuple(sorted(told)))


def take(chosen: Sequence[Part], path: Path) -> Taken:
    """Store the sentences of a file that are not there yet; raise AnswersError for another file."""
    taken, parts = Taken(), {part.name: part for part in chosen}
    shared = _read(path, parts)  # all of it, before anything is written
    known: dict[str, dict[str, Mapping[str, Fingerprint]]] = {}
    for one in shared:
        part = parts.get(one.part)
        if part is None or (one.key, one.probes) != (part.key_id, named.probes_hash(part)):
            taken.other.append(one.id)
            continue
        if one.part not in known:
            known[one.part] = _known(part)
        if _is_known(one, known[one.part], part):
            taken.known.append(one.id)
        else:
            _write(part, one)
            known[one.part][one.id] = one.prints
            taken.new.append(one.id)
    return taken


def _known(part: Part) -> dict[str, Mapping[str, Fingerprint]]:
    """Return the fingerprints of listed and of named mistakes: with two that agree, none is named."""
    own: dict[str, Mapping[str, Fingerprint]] = dict(load_fingerprints(part.fingerprints))
    return own | {one.mistake.id: one.prints for one in named.load_named(part)}


def _is_known(one: _Shared, known: Mapping[str, Mapping[str, Fingerprint]], part: Part) -> bool:
    own = set(part.probes_of(one.function))
    return one.id in known or any(
        _agree({p: f for p, f in prints.items() if p in own}, one.prints)
        for prints in known.values()
    )


def _agree(here: Mapping[str, Fingerprint], there: Mapping[str, Fingerprint]) -> bool:
    return here.keys() == there.keys() and all(_same(here[p], there[p]) for p in here)


def _same(here: Fingerprint, there: Fingerprint) -> bool:
    if here.error or there.error:
        return errors.same(here.error, there.error)
    return here.arrays.keys() == there.arrays.keys() and all(
        alike(name, here.arrays[name], there.arrays[name]) for name in here.arrays
    )


def _write(part: Part, one: _Shared) -> None:
    arrays, said = pack({one.id: one.prints})
    about = {
        "function": one.function,
        "says": one.says,
        "earlier": [],
        "loses": list(one.loses),
        "errors": said.get(one.id, {}),
        "probes": one.probes,
        "when": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
    }
    short = {key.removeprefix(f"{one.id}/"): array for key, array in arrays.items()}
    write_npz(named.folder_of(part) / f"{one.id}.npz", short, about)


def _read(path: Path, parts: Mapping[str, Part]) -> list[_Shared]:
    arrays, about = read_npz(path)
    try:
        if about["format"] != FORMAT:
            raise ValueError("another format")
        found: dict[tuple[str, str], _Shared] = {}
        for name in about["names"]:
            one = _checked(name, parts)
            found[one.part, one.id] = one
        for key, array in arrays.items():
            part, id, probe, name = key.split("/")
            prints = found[part, id].prints
            prints[probe].arrays[name] = array  # type: ignore[index]
        return list(found.values())
    except DAMAGE as problem:
        raise AnswersError(f"{path}: not a file of shared sentences ({problem!r})") from problem


def _checked(name: Mapping[str, Any], parts: Mapping[str, Part]) -> _Shared:
    """Read one entry; raise one of DAMAGE for what cannot be a mistake of ours."""
    prints = {str(p): Fingerprint({}, str(error)) for p, error in name["errors"].items()}
    one = _Shared(
        part=str(name["part"]),
        key=str(name["key"]),
        id=str(name["id"]),
        function=str(name["function"]),
        says=named.sentence(str(name["says"])),
        loses=tuple(map(str, name["loses"])),
        probes=str(name["probes"]),
        prints=prints,
    )
    if not ID.fullmatch(one.id) or not one.loses or not prints:
        raise ValueError(f"an entry without an id, checks or a fingerprint: {one.id[:80]!r}")
    part = parts.get(one.part)
    if part is not None and not prints.keys() <= set(part.probes_of(one.function)):
        raise ValueError(f"no function of {part.name}: {one.function[:80]!r}")
    return one

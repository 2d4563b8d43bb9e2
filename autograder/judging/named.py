"""Mistakes that a TA named: a sentence for a group of students, kept for the next class.

    checks/<part>.named/<id>.npz     what one of these students' functions returned, and the sentence

Each is a known mistake like the listed ones, with a fingerprint that no code of ours made. Every name
is a file of its own, written whole, so that two people who name at once lose nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AnswersError
from autograder.judging.fingerprints import Fingerprint, Fingerprints, fingerprint, pack
from autograder.mistake import Mistake
from autograder.outputs import Array, Outputs, read_npz, write_npz
from autograder.parts import Part
from autograder.texts import one_line

LONGEST = 600  # characters of a sentence
KEPT = 10  # earlier sentences of one mistake


@dataclass(frozen=True, slots=True)
class Named:
    """A mistake that a person named, and what it leaves in the outputs."""

    mistake: Mistake
    prints: Mapping[str, Fingerprint]
    probes: str = ""  # the hash of the probes that were asked
    when: str = ""
    earlier: tuple[str, ...] = ()  # the sentences that this one replaced, the latest last


def folder_of(part: Part) -> Path:
    """Return the folder of a part's named mistakes; it may not be there."""
    return part.fingerprints.with_name(f"{part.name}.named")


def load_named(part: Part) -> list[Named]:
    """Read all that were named; raise AnswersError, with the file's name, if one cannot be read."""
    return [_read(path) for path in sorted(folder_of(part).glob("*.npz"))]


def _read(path: Path) -> Named:
    arrays, about = read_npz(path)
    try:
        prints = {probe: Fingerprint(error=error) for probe, error in about["errors"].items()}
        for key, array in arrays.items():
            probe, _, name = key.partition("/")
            prints[probe] = Fingerprint({**prints[probe].arrays, name: array})
        mistake = Mistake(
            id=path.stem,
            change=None,
            function=str(about["function"]),
            says=one_line(str(about["says"])),
            hint="",
            loses=tuple(map(str, about["loses"])),
        )
        earlier = tuple(one_line(str(says)) for says in about.get("earlier", ()))
        return Named(mistake, prints, str(about["probes"]), str(about["when"]), earlier)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise AnswersError(f"{path}: not a named mistake ({problem!r})") from problem


def merged(
    mistakes: Sequence[Mistake], prints: Fingerprints, named: Sequence[Named]
) -> tuple[list[Mistake], dict[str, Mapping[str, Fingerprint]]]:
    """Return listed and named mistakes together, the listed ones first."""
    known = {mistake.id for mistake in mistakes}
    new = [one for one in named if one.mistake.id not in known]
    return (
        [*mistakes, *(one.mistake for one in new)],
        {**prints, **{one.mistake.id: one.prints for one in new}},
    )


def write_name(
    part: Part,
    id: str,
    function: str,
    says: str,
    loses: Sequence[str],
    outputs: Outputs,
    answers: Mapping[str, Array],
) -> Path:
    """Store a sentence for what `outputs` show; the same id again changes the sentence.

    Raises ValueError for a sentence that is empty or very long.
    """
    own = set(part.probes_of(function))
    prints = {p: f for p, f in fingerprint(outputs, answers).items() if p in own}
    arrays, errors = pack({id: prints})
    path, new = folder_of(part) / f"{id}.npz", sentence(says)
    about = {
        "function": function,
        "says": new,
        "earlier": replaced(_read(path), new) if path.is_file() else [],
        "loses": sorted(loses),
        "errors": errors.get(id, {}),
        "probes": probes_hash(part),
        "when": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
    }
    write_npz(path, {key.removeprefix(f"{id}/"): array for key, array in arrays.items()}, about)
    return path


def probes_hash(part: Part) -> str:
    """Hash what asks; a fingerprint made by other probes names nothing any more."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in part.asks)).hexdigest()[:16]


def stale(part: Part) -> list[str]:
    """Return the ids of named mistakes whose fingerprints were made by other probes than today's."""
    now = probes_hash(part)
    return [one.mistake.id for one in load_named(part) if one.probes != now]


def rename(part: Part, id: str, says: str) -> bool:
    """Give a named mistake another sentence; return False if there is no such mistake."""
    path = _known(part, id)
    if path is None:
        return False
    new, (arrays, about) = sentence(says), read_npz(path)
    write_npz(path, arrays, {**about, "says": new, "earlier": replaced(_read(path), new)})
    return True


def take_back(part: Part, id: str) -> bool:
    """Return to the sentence before, or to none; return False if there is no such mistake."""
    path = _known(part, id)
    if path is None or not (earlier := _read(path).earlier):
        return remove(part, id)
    arrays, about = read_npz(path)
    write_npz(path, arrays, {**about, "says": earlier[-1], "earlier": earlier[:-1]})
    return True


def replaced(before: Named, says: str) -> list[str]:
    """Return the earlier sentences of a mistake that gets another one; the same one changes nothing."""
    if says == before.mistake.says:
        return list(before.earlier)
    return [*before.earlier, before.mistake.says][-KEPT:]


def remove(part: Part, id: str) -> bool:
    """Forget a named mistake; return False if there is no such mistake."""
    path = _known(part, id)
    if path is not None:
        path.unlink()
    return path is not None


def _known(part: Part, id: str) -> Path | None:
    return next((p for p in folder_of(part).glob("*.npz") if p.stem == id), None)


def sentence(says: str) -> str:
    """Return a sentence in one line; raise ValueError if it is empty or very long."""
    line = one_line(" ".join(says.split()))
    if not line or len(line) > LONGEST:
        raise ValueError(f"a sentence has 1 to {LONGEST} characters")
    return line

"""Explanations that the search found for a class, kept beside its results.

    DIR/explained/<id>.npz          what the function showed, and the sentence; a removed one has none
    DIR/explained/misses.json       what was searched in vain, so that it is not searched again
    DIR/explained/<function>.edits.npz      what single edits of the solution show

An explanation is told to every student whose function loses the same checks and shows the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.batch.groups import unnamed
from autograder.errors import AnswersError
from autograder.files import write_bytes
from autograder.judging.fingerprints import Fingerprint, pack
from autograder.judging.named import KEPT, sentence
from autograder.judging.shown import Shown, same, shown
from autograder.outputs import Array, Outputs, read_npz, write_npz
from autograder.parts import Part
from autograder.results import CheckResult, Result
from autograder.search.trying import packed, unpacked

FOLDER = "explained"
MISSES = "misses.json"
EDITS = ".edits"  # in the names of files that the search itself keeps


@dataclass(frozen=True, slots=True)
class Explained:
    """What explains one group; `says` is empty once a person took the explanation back.

    `earlier` are the sentences that a person replaced, the latest last.
    """

    id: str
    function: str
    says: str
    checks: tuple[str, ...]
    shown: Shown
    earlier: tuple[str, ...] = ()

    def fits(self, function: str, checks: Sequence[str], seen: Shown) -> bool:
        """Return whether a function loses the same checks and shows the same."""
        return (self.function, self.checks) == (function, tuple(checks)) and same(self.shown, seen)


@dataclass(slots=True)
class Explanations:
    """The explanations of one class for one part."""

    folder: Path
    part: Part
    known: list[Explained] = field(default_factory=list)

    @classmethod
    def of(cls, results: Path, part: Part) -> Explanations:
        """Read those of a class's folder; what other probes or another solution made is left out.

        Raises AnswersError if a file cannot be read.
        """
        folder, now = results / FOLDER, basis(part)
        known = []
        for path in sorted(folder.glob("*.npz")):
            if not path.stem.endswith(EDITS):
                explained, made = _read(path)
                known += [explained] if made == now else []
        return cls(folder, part, known)

    def find(self, function: str, checks: Sequence[str], seen: Shown) -> Explained | None:
        """Return what explains a function; None if nothing does."""
        return next((one for one in self.known if one.fits(function, checks, seen)), None)

    def tell(self, result: Result, outputs: Outputs) -> Result:
        """Return a result in which lost checks without a name have the explanation that fits."""
        if not self.known:
            return result
        told: dict[str, Explained] = {}
        for function, lost in unnamed(result).items():
            seen = shown(self.part, function, outputs)
            names = [check.name for check in lost]
            found = self.find(function, names, seen) if seen is not None else None
            if found is not None and found.says:
                told.update(dict.fromkeys(names, found))
        if not told:
            return result
        checks = (_with(c, told[c.name]) if c.name in told else c for c in result.checks)
        return replace(result, checks=tuple(checks))

    def add(self, function: str, says: str, checks: Sequence[str], seen: Shown) -> Explained:
        """Keep a new explanation."""
        id = f"{function}-{digest(function, checks, seen)[:6]}"
        return self._write(Explained(id, function, says, tuple(checks), seen))

    def change(self, id: str, says: str) -> bool:
        """Give an explanation another sentence, or none; return False if there is no such one."""
        before = next((one for one in self.known if one.id == id), None)
        if before is not None:
            new, earlier = sentence(says) if says else "", before.earlier
            if new and before.says and new != before.says:
                earlier = (*earlier, before.says)[-KEPT:]
            self._replace(before, replace(before, says=new, earlier=earlier))
        return before is not None

    def take_back(self, id: str) -> bool:
        """Return to the sentence before, or to none; return False if there is no such one."""
        before = next((one for one in self.known if one.id == id), None)
        if before is not None:
            *earlier, says = before.earlier or ("",)
            self._replace(before, replace(before, says=says, earlier=tuple(earlier)))
        return before is not None

    def _replace(self, before: Explained, after: Explained) -> None:
        self.known.remove(before)
        self._write(after)

    def _write(self, one: Explained) -> Explained:
        arrays, errors = pack({one.id: packed(one.shown)})
        about = {
            "function": one.function,
            "says": one.says,
            "earlier": list(one.earlier),
            "checks": list(one.checks),
            "errors": errors[one.id],
            "made": basis(self.part),
        }
        short = {key.removeprefix(f"{one.id}/"): array for key, array in arrays.items()}
        write_npz(self.folder / f"{one.id}.npz", short, about)
        self.known.append(one)
        return one


class Misses:
    """What was searched in vain, by its digest; forgotten when what searches changes."""

    def __init__(self, results: Path, made: str) -> None:
        self._path = results / FOLDER / MISSES
        self._made = made
        self._digests = self._read()

    def __contains__(self, digest: str) -> bool:
        return digest in self._digests

    def add(self, digest: str) -> None:
        """Keep one more."""
        self._digests.add(digest)
        about = {"made": self._made, "digests": sorted(self._digests)}
        write_bytes(self._path, json.dumps(about, indent=1).encode())

    def forget(self) -> None:
        """Search everything again."""
        self._digests.clear()
        self._path.unlink(missing_ok=True)

    def _read(self) -> set[str]:
        try:
            about = json.loads(self._path.read_bytes())
            return set(about["digests"]) if about["made"] == self._made else set()
        except (OSError, ValueError, KeyError, TypeError):  # not there, or damaged: made again
            return set()


def digest(function: str, checks: Sequence[str], seen: Shown) -> str:
    """Hash what a function showed and lost."""
    whole = hashlib.sha256("\0".join([function, *checks]).encode())
    for probe in sorted(seen):
        one = seen[probe]
        whole.update(f"\0{probe}\0{one if isinstance(one, str) else ''}".encode(errors="replace"))
        for name, array in sorted(one.items() if not isinstance(one, str) else ()):
            whole.update(f"\0{name} {array.dtype.str} {array.shape}\0".encode())
            whole.update(array.tobytes())
    return whole.hexdigest()


def basis(part: Part) -> str:
    """Hash what an explanation is true by: the solution, and what asks."""
    paths = (part.solution, *part.asks)
    whole = hashlib.sha256(part.key_id.encode() + b"".join(path.read_bytes() for path in paths))
    return whole.hexdigest()[:16]


def _read(path: Path) -> tuple[Explained, str]:
    arrays, about = read_npz(path)
    try:
        by_probe: dict[str, dict[str, Array]] = {probe: {} for probe in about["errors"]}
        for key, array in arrays.items():
            probe, _, name = key.partition("/")
            by_probe[probe][name] = array
        prints: Mapping[str, Fingerprint] = {
            probe: Fingerprint(by_probe[probe], str(error))
            for probe, error in about["errors"].items()
        }
        seen = unpacked(prints)
        if seen is None:
            raise ValueError("it shows nothing")
        checks = tuple(map(str, about["checks"]))
        function, says, made = (str(about[name]) for name in ("function", "says", "made"))
        earlier = tuple(map(str, about.get("earlier", ())))
        return Explained(path.stem, function, says, checks, seen, earlier), made
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise AnswersError(f"{path}: not an explanation ({problem!r})") from problem


def _with(check: CheckResult, explained: Explained) -> CheckResult:
    """Put an explanation before an error's traceback, or in place of another message."""
    message = explained.says
    if check.status == "error":
        message = f"{message}\n{check.message}"
    return replace(check, message=message, mistake=explained.id)

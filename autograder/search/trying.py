"""Run edited solutions on a function's own probes, and keep what each one showed.

No student code runs here: only the solution, with edits, inside the usual walls. What single edits show
depends on the part alone. It is kept on disk, so that a class pays for it once.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import AnswersError, SourceError
from autograder.handins.submission import Submission
from autograder.judging.fingerprints import Fingerprint, load_fingerprints, pack
from autograder.judging.shown import Shown, shown
from autograder.mistake import Mistake, edit_of, function_in
from autograder.operators.edits import Both, ClashError, Edit
from autograder.operators.everywhere import edits
from autograder.operators.trees import read, write
from autograder.outputs import Outputs, read_about, write_npz
from autograder.parts import PACKAGE, Part
from autograder.running import runner
from autograder.running.protocol import Workers

SECONDS_OF_ONE = 10.0  # an edit may make an endless loop
WIDTH = os.cpu_count() or 1
NOTHING = "nothing to compare: "  # in the file: an edited solution that ran out of time, or crashed


@dataclass(frozen=True, slots=True)
class Candidate:
    """One edit or several of a function, and what a student would read of them.

    Attributes:
        edit: None for a mistake that was written as a wrong function.
        says: the sentence, with a listed mistake's hint.
        source: the function with the edit.
        listed: whether a person wrote the sentence.
    """

    edit: Edit | Both
    says: str
    source: str
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate and what its function showed; None if it showed nothing that can be compared."""

    candidate: Candidate
    shown: Shown | None


class Tries:
    """Runs edited solutions of one part; the same source is run once.

    Arguments:
        mistakes: the listed ones, whose edits are tried, too.
        open_workers: called when the first edit has to run.
        folder: where what single edits show is kept; None keeps it in memory alone.
    """

    def __init__(
        self,
        part: Part,
        mistakes: Sequence[Mistake],
        open_workers: Callable[[], Workers],
        folder: Path | None = None,
    ) -> None:
        self.part = part
        self.mistakes = mistakes
        self.runs = 0  # edited solutions that were run
        self._open = open_workers
        self._workers: Workers | None = None
        self.folder = folder
        self._solution = part.solution.read_text(encoding="utf-8")
        self._known: dict[str, dict[str, Shown | None]] = {}  # by function and the source's hash
        self._made_once: dict[str, list[Tried]] = {}
        self._singles: dict[str, list[Candidate]] = {}

    def candidates(self, function: str) -> list[Candidate]:
        """Return every single edit of a function, the listed ones first, each source once."""
        if function not in self._singles:
            source = self.source_of(function)
            unchanged, tree = write(read(source)), read(source)
            found: dict[str, Candidate] = {}
            for mistake in self.mistakes:
                edit = edit_of(mistake, source) if mistake.function == function else None
                if edit is not None:
                    says = f"{mistake.says} {mistake.hint}".strip()
                    changed = write(edit.apply(tree))
                    found.setdefault(changed, Candidate(edit, says, changed, listed=True))
            for one in edits(source):
                changed = write(one.apply(tree))
                found.setdefault(changed, Candidate(one, one.sentence, changed))
            found.pop(unchanged, None)
            self._singles[function] = list(found.values())
        return self._singles[function]

    def source_of(self, function: str) -> str:
        """Return the solution's source of a function."""
        return function_in(self._solution, function)

    def candidate(self, function: str, edit: Edit) -> Candidate:
        """Return a candidate of an edit that is in no list."""
        changed = write(edit.apply(read(self.source_of(function))))
        return Candidate(edit, edit.sentence, changed)

    def joined(self, function: str, one: Candidate, other: Candidate) -> Candidate | None:
        """Return a candidate with one more edit; None if they exclude each other."""
        assert isinstance(other.edit, Edit)
        tree = read(self.source_of(function))
        try:
            both = Both(one.edit, other.edit)
            source = write(both.apply(tree))
        except (ClashError, SourceError, ValueError):  # a list or a call that cannot be so
            return None
        if source in (one.source, other.source, write(tree)):
            return None
        says = f"{one.says} Also: {other.says}"
        return Candidate(both, says, source, one.listed and other.listed)

    def singles(self, function: str, until: float) -> list[Tried]:
        """Try all single edits, as far as time allows; what is known already takes none."""
        known = self._of(function)
        before = len(known)
        tried = self.run(function, self.candidates(function), until)
        if self.folder is not None and len(known) > before:
            self._keep(function)
        return tried

    def once(self, function: str, make: Callable[[], list[Tried]]) -> list[Tried]:
        """Return what is made of a function's single edits, made once."""
        if function not in self._made_once:
            self._made_once[function] = make()
        return self._made_once[function]

    def run(self, function: str, candidates: Sequence[Candidate], until: float) -> list[Tried]:
        """Try candidates, side by side, until a moment of `time.monotonic`; return those tried."""
        known, tried = self._of(function), []
        with ThreadPoolExecutor(WIDTH) as pool:
            for start in range(0, len(candidates), 2 * WIDTH):
                some = candidates[start : start + 2 * WIDTH]
                new = [one for one in some if _key(one) not in known]
                if new and time.monotonic() >= until:
                    break
                results = pool.map(lambda one: self.outputs(function, one), new)
                for one, outputs in zip(new, results, strict=True):
                    known[_key(one)] = shown(self.part, function, outputs)
                tried += [Tried(one, known[_key(one)]) for one in some]
        return tried

    def outputs(self, function: str, candidate: Candidate) -> Outputs:
        """Run the solution with a candidate on the probes of its function."""
        if self._workers is None:
            self._workers = self._open()
        self.runs += 1
        workers, name = self._workers, self.part.solution.name
        right = self.source_of(function)
        text = self._solution.replace(right, candidate.source + "\n\n\n", 1)
        limits = replace(workers.limits, probe_seconds=SECONDS_OF_ONE)
        probes = self.part.probes_of(function)
        submission = Submission(name, name, {name: text.encode()})
        return runner.run(workers, submission, self.part, probes, limits)

    # --- what is kept -------------------------------------------------------------------------

    def made(self) -> str:
        """Hash what edited solutions and what they show depend on."""
        paths = [self.part.solution, *self.part.asks]
        for folder in ("operators", "judging", "search"):
            paths += sorted((PACKAGE / folder).glob("*.py"))
        paths += sorted(self.part.mistakes.glob("*.py"))
        whole = hashlib.sha256(self.part.key_id.encode())
        for path in paths:
            whole.update(path.read_bytes())
        return whole.hexdigest()

    def _of(self, function: str) -> dict[str, Shown | None]:
        if function not in self._known:
            self._known[function] = self._read(function)
        return self._known[function]

    def _path(self, function: str) -> Path | None:
        return self.folder / f"{function}.edits.npz" if self.folder is not None else None

    def _read(self, function: str) -> dict[str, Shown | None]:
        path = self._path(function)
        try:
            if path is None or read_about(path).get("made") != self.made():
                return {}
            return {key: unpacked(prints) for key, prints in load_fingerprints(path).items()}
        except (AnswersError, KeyError):  # not there yet, or damaged: it is made again
            return {}

    def _keep(self, function: str) -> None:
        prints = {key: packed(seen) for key, seen in self._of(function).items()}
        arrays, errors = pack(prints)
        path = self._path(function)
        assert path is not None
        write_npz(path, arrays, {"made": self.made(), "errors": errors})


def packed(seen: Shown | None) -> Mapping[str, Fingerprint]:
    """Return what a function showed in the form that is stored."""
    if seen is None:
        return {NOTHING: Fingerprint(error=NOTHING)}
    return {
        probe: Fingerprint(error=one) if isinstance(one, str) else Fingerprint(one)
        for probe, one in seen.items()
    }


def unpacked(prints: Mapping[str, Fingerprint]) -> Shown | None:
    """Return what `packed` was given."""
    if NOTHING in prints:
        return None
    return {probe: one.error or one.arrays for probe, one in prints.items()}


def _key(candidate: Candidate) -> str:
    return hashlib.sha256(candidate.source.encode()).hexdigest()[:20]

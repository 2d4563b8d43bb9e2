"""Record the stored answers from the solution, and a fingerprint from every known mistake.

Answers are the solution's outputs, from the same runner as a student's, so that there is no second
code path that could differ. tests/oracles/ computes them again in NumPy.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from autograder.compare import agree
from autograder.errors import AnswersError, SourceError
from autograder.handins.submission import Submission
from autograder.judging import fingerprints, named, signatures
from autograder.judging.scoring import Judge
from autograder.judging.suite import Suite
from autograder.mistake import Mistake, apply, load_mistakes
from autograder.outputs import Array, Outputs, read_npz, write_npz
from autograder.parts import NETWORKS, REFERENCE, Part
from autograder.running import runner
from autograder.running.protocol import Workers
from autograder.staff.variants import lost_checks

SAME = 1e-4  # relative to the largest element: more than machines differ by
Progress = Callable[[str], None]


def record(part: Part, workers: Workers, progress: Progress = lambda text: None) -> Outputs:
    """Run the solution, and the solution with each mistake; write the part's npz files, and sign them.

    If the course has a key, its own files are written too. A part that uses another part's answers must
    agree with them, and gets only fingerprints.

    Raises SourceError if a probe fails on the solution.
    """
    outputs = _record(part.released, workers, progress)
    return _record(part, workers, progress) if part.key else outputs


def _record(part: Part, workers: Workers, progress: Progress) -> Outputs:
    outputs = write_answers(part, workers)
    if part.mistakes.is_dir():  # else its outputs are random: there is nothing to recognise
        tried = []
        for mistake, wrong in run_mistakes(part, workers, load_mistakes(part, recorded=False)):
            progress(f"mistake {mistake.id}")
            tried.append((mistake, wrong))
        write_fingerprints(part, outputs, with_lost_checks(part, outputs, tried))
    signatures.sign(part)
    return outputs


def write_answers(part: Part, workers: Workers) -> Outputs:
    """Run the solution and store what it computes; return it.

    A part that uses another part's answers stores nothing, and must agree with them.
    """
    outputs = run_solution(part, workers)
    if not part.answers_of:
        about = {**provenance(part, outputs), NETWORKS: networks(outputs)}
        write_npz(part.answers, dict(outputs.arrays), about)
    elif lines := _compared(part, read_npz(part.answers)[0], outputs):
        raise SourceError(lines[0])
    return outputs


def write_fingerprints(
    part: Part, right: Outputs, wrong: Sequence[tuple[Mistake, Outputs]]
) -> None:
    """Store of every known mistake its fingerprint, from what it computes, and what it loses."""
    prints = {
        mistake.id: fingerprints.fingerprint(outputs, right.arrays) for mistake, outputs in wrong
    }
    arrays, errors = fingerprints.pack(prints)
    loses = {mistake.id: list(mistake.loses) for mistake, _ in wrong}
    about = {**provenance(part, right), "errors": errors, "loses": loses}
    write_npz(part.fingerprints, arrays, about)


def with_lost_checks(
    part: Part, right: Outputs, wrong: Sequence[tuple[Mistake, Outputs]]
) -> list[tuple[Mistake, Outputs]]:
    """Return the mistakes with what they lose: of the checks of their function, at least one.

    Raises SourceError if a mistake loses none.
    """
    found = []
    with Judge(part, right.arrays, Suite(part.suite)) as judge:
        for mistake, outputs in wrong:
            lost = sorted(c.name for c in lost_checks(judge, outputs, mistake.function))
            if not lost:
                raise SourceError(f"{part.name}: the mistake {mistake.id} loses no check")
            found.append((replace(mistake, loses=tuple(lost)), outputs))
    return found


def verify(part: Part, workers: Workers) -> list[str]:
    """Compute the answers again; return one line for each difference from the stored ones."""
    lines = _verify(part.released, workers)
    return [*lines, *_verify(part, workers)] if part.key else lines


def _verify(part: Part, workers: Workers) -> list[str]:
    signatures.check(part)
    stored, about = read_npz(part.answers)
    outputs = run_solution(part, workers)
    if part.answers_of:
        return _compared(part, stored, outputs)
    now = provenance(part, outputs)
    lines = [
        f"{part.name}: the {key} changed since the answers were recorded"
        for key in ("solution", "probes")
        if about.get(key) != now[key]
    ]
    lines += [f"{part.name}: {key} is not stored" for key in outputs.arrays if key not in stored]
    lines += [
        f"{part.name}: {key} is stored, but no probe gives it"
        for key in stored
        if key not in outputs.arrays
    ]
    lines += [
        f"{part.name}: {id} was named when the probes were others, and names nothing any more"
        for id in named.stale(part)
    ]
    return lines + _compared(part, stored, outputs)


def _compared(part: Part, stored: Mapping[str, Array], outputs: Outputs) -> list[str]:
    return [
        f"{part.name}: {key} differs from the stored answer"
        for key in stored
        if key in outputs.arrays and not _same(key, stored[key], outputs.arrays[key])
    ]


def run_solution(part: Part, workers: Workers, source: str | None = None) -> Outputs:
    """Run the solution, or a changed copy of it, as if a student had handed it in."""
    text = part.solution.read_text(encoding="utf-8") if source is None else source
    name = part.solution.name
    probes = part.recorded_names() if source is None else part.probe_names()
    outputs = runner.run(workers, Submission(name, name, {name: text.encode()}), part, probes)
    if source is None:
        for probe, status in outputs.statuses.items():
            if status.status != "ok":
                message = " ".join(status.message.split())
                raise SourceError(f"{part.solution.name}: probe {probe}: {message}")
    return outputs


def run_mistakes(
    part: Part, workers: Workers, mistakes: Sequence[Mistake]
) -> Iterator[tuple[Mistake, Outputs]]:
    """Run the solution with each mistake, on the probes of its function; several side by side."""
    source = part.solution.read_text(encoding="utf-8")
    name = part.solution.name

    def run(mistake: Mistake) -> Outputs:
        probes = part.probes_of(mistake.function)
        if not probes:
            raise SourceError(f"{part.mistakes.name}: there is no probe for {mistake.function}")
        changed = apply(mistake, source).encode()
        return runner.run(workers, Submission(name, name, {name: changed}), part, probes)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(mistakes, pool.map(run, mistakes))


def provenance(part: Part, outputs: Outputs) -> dict[str, str]:
    """Return where answers come from: hashes of what made them, versions, platform, date."""
    return {
        "part": part.name,
        "solution": sha256(part.solution),
        "probes": sha256(*part.asks),
        "torch": outputs.versions.get("torch", ""),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "date": datetime.date.today().isoformat(),
    }


def networks(outputs: Outputs) -> dict[str, str]:
    """Return what probes tell of their networks' layers; a student's diagram is compared with it."""
    return {name: status.network for name, status in outputs.statuses.items() if status.network}


def sha256(*paths: Path) -> str:
    """Return the hash of several files' bytes in a row, as hexadecimal digits."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def check_fresh(part: Part) -> None:
    """Raise AnswersError if the stored answers are older than the solution or the probes."""
    _, about = read_npz(part.answers)
    for key, paths in (("solution", (part.solution,)), ("probes", part.asks)):
        if about.get(key) != sha256(*paths):
            names = " or ".join(path.name for path in paths)
            raise AnswersError(
                f"{part.answers.name}: {names} was changed since; run `autograder record`"
            )


def _same(key: str, one: Array, other: Array) -> bool:
    probe, _, field = key.rpartition("/")
    if field.startswith("sample") or probe == REFERENCE:  # random, or trained: machines differ
        return one.shape == other.shape
    return agree(other, one, SAME)

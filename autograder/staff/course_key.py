"""Give a course a key of its own: nobody can know in advance the numbers that its probes ask with.

The public repository holds its answers, and its inputs never change: a table of these answers would
earn a stub every point. From a key follow other inputs, other weights, and so other answers. They lie
in checks/course/, beside the key; students' copies keep the public ones.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.errors import SourceError
from autograder.files import write_bytes
from autograder.handins.submission import Submission
from autograder.judging import signatures
from autograder.judging.scoring import Judge
from autograder.judging.suite import Suite
from autograder.mistake import Mistake, load_mistakes
from autograder.parts import Part
from autograder.running import runner
from autograder.running.protocol import Workers
from autograder.staff import record
from autograder.staff.record import Progress
from autograder.staff.variants import lost_checks

DRAWS = 100  # keys to try; of ten, about two fit
KEY_BYTES = 16
COARSE = 3  # runs that round ten times as coarsely as float32
# The last lines of a copy of the solution: the output of every layer with weights gets an error, ten
# times as large as float32's in a long sum, and the same in every call with the same shape.
ROUND_COARSELY = """

def _round_coarsely(module, inputs, output):
    if next(module.parameters(recurse=False), None) is None or not torch.is_tensor(output):
        return None
    error = torch.randn(output.shape, generator=torch.Generator().manual_seed({seed}))
    return output + 1e-6 * output.detach().square().mean().sqrt() * error

torch.nn.modules.module.register_module_forward_hook(_round_coarsely)
"""


def draw(part: Part, workers: Workers, progress: Progress = lambda text: None) -> int:
    """Draw keys until one fits; record with it, and put its files in place. Return the number drawn.

    Raises SourceError for a part that has no use for a key, or if no key fits.
    """
    _require_own_key(part)
    if not part.mistakes.is_dir():
        raise SourceError(f"{part.name}: nothing that it asks follows from a key")
    trial = replace(part, course=f"{part.course}.part")
    try:
        number = _draw(trial, workers, progress)
        part.key_file.parent.mkdir(exist_ok=True)
        for path in _files(trial):
            path.replace(part.key_file.parent / path.name)
    finally:
        shutil.rmtree(trial.key_file.parent, ignore_errors=True)
    return number


def _draw(part: Part, workers: Workers, progress: Progress) -> int:
    """Draw keys and record with them until one fits; return the number drawn."""
    mistakes, reason = load_mistakes(part.released), ""

    def tell(text: str) -> None:
        progress(f"key {number}: {text}")

    for number in range(1, DRAWS + 1):
        write_bytes(part.key_file, f"{secrets.token_hex(KEY_BYTES)}\n".encode())
        try:
            _record(part, workers, mistakes, tell)
        except UnfitError as problem:
            reason = str(problem)
            first = [problem.mistake] if problem.mistake else []
            mistakes = tuple(dict.fromkeys((*first, *mistakes)))  # the next key fails sooner
            continue
        signatures.sign(part)
        return number
    raise SourceError(f"{part.name}: none of {DRAWS} keys fits; the last: {reason}")


def remove(part: Part) -> bool:
    """Go back to the public numbers; tell whether there was a key."""
    _require_own_key(part)
    had = bool(part.key)
    for path in _files(part) if had else ():
        path.unlink(missing_ok=True)
    return had


def _require_own_key(part: Part) -> None:
    if part.answers_of:
        raise SourceError(f"{part.name}: has the key of {part.answers_of}; record that part")


def _files(part: Part) -> tuple[Path, ...]:
    """Return the files of a part with a key, the key last: with it, the others count."""
    return part.answers, part.fingerprints, part.signatures, part.key_file


class UnfitError(Exception):
    """A key is of no use: with its numbers, points depend on rounding, or a mistake does not show."""

    def __init__(self, text: str, mistake: Mistake | None = None) -> None:
        super().__init__(text)
        self.mistake = mistake


def _record(part: Part, workers: Workers, mistakes: Sequence[Mistake], progress: Progress) -> None:
    """Record with a part's key; raise UnfitError if the key is of no use.

    With some weights, an activation lies so near to a ReLU's kink that another machine's rounding moves
    it across, and a right network loses points there. With others, a mistake does not show: an
    activation behind scores that are all positive.
    """
    right = record.write_answers(part, workers)
    wrong = []
    with Judge(part, right.arrays, Suite(part.suite)) as judge:
        text = part.solution.read_text(encoding="utf-8")
        for seed in range(COARSE):
            progress("rounding")
            source = text + ROUND_COARSELY.format(seed=seed)
            name = part.solution.name
            coarse = runner.run(workers, Submission(name, name, {name: source.encode()}), part)
            if lost := [check.name for check in lost_checks(judge, coarse)]:
                raise UnfitError(f"rounding costs the solution {', '.join(lost)}")
        for mistake, outputs in record.run_mistakes(part, workers, mistakes):
            progress(f"mistake {mistake.id}")
            lost = [check.name for check in lost_checks(judge, outputs, mistake.function)]
            if not lost or (mistake.loses and set(lost) != set(mistake.loses)):
                raise UnfitError(f"{mistake.id} does not lose what it should", mistake)
            wrong.append((mistake, outputs))
    record.write_fingerprints(part, right, wrong)

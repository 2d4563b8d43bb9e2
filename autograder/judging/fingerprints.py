"""Name the known mistake in a submission, by its fingerprint.

Each known mistake is used twice. Applied to the solution, it tests the suite: it must lose exactly the
checks that it lists. Its outputs, stored as its fingerprint, name the mistake in a submission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from autograder.compare import agree, is_real
from autograder.mistake import Mistake
from autograder.outputs import SAID, Array, Outputs, read_npz

KEPT = 64  # numbers of a large array that a fingerprint keeps
SHOWS = 1e-4  # relative: a mistake's array must differ from the right one by more to be evidence
CLOSE = 1e-3  # relative: ten times what machines differ by, a tenth of what mistakes differ by
QUANTILES = np.linspace(0, 1, 21)
SAMPLE_CLOSE = 0.06  # of quantiles, for random samples
SAMPLE_ENOUGH = 100  # numbers; quantiles of fewer mean little


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a probe returns under one mistake: arrays, or the first line of an error."""

    arrays: Mapping[str, Array] = field(default_factory=dict)
    error: str = ""


Fingerprints = Mapping[str, Mapping[str, Fingerprint]]  # mistake id -> probe -> fingerprint


def fingerprint(outputs: Outputs, answers: Mapping[str, Array]) -> dict[str, Fingerprint]:
    """Return a mistake's fingerprint, for every probe whose outputs differ from the answers."""
    prints: dict[str, Fingerprint] = {}
    for probe, status in outputs.statuses.items():
        if status.status != "ok":
            prints[probe] = Fingerprint(error=_error(status.status, status.message))
            continue
        arrays = {name: _features(name, array) for name, array in outputs.of(probe).items()}
        right = {
            name: _features(name, answers[f"{probe}/{name}"])
            for name in arrays
            if f"{probe}/{name}" in answers
        }
        if not all(name in right and _alike(name, arrays[name], right[name]) for name in arrays):
            prints[probe] = Fingerprint(arrays)
    return prints


def diagnose(
    outputs: Outputs,
    probes: Iterable[str],
    read: Iterable[str],
    check: str,
    mistakes: Iterable[Mistake],
    prints: Fingerprints,
    answers: Mapping[str, Array],
) -> Mistake | None:
    """Return the known mistake that a lost check's outputs show; None if there is none.

    Arguments:
        probes: the probes whose arrays the check judged.
        read: the keys "<probe>/<array>" that the check read; these arrays must agree.
        check: the check's name; only mistakes that lose it are considered.
        answers: the right arrays; a mistake must change at least one array that the check read.
    """
    best: tuple[float, Mistake] | None = None
    wanted = set(read)
    seen: dict[str, Mapping[str, Array]] = {}  # a probe's features, once for all mistakes
    for mistake in mistakes:
        if check not in mistake.loses:
            continue
        for probe in probes:
            known = prints.get(mistake.id, {}).get(probe)
            if known is None:
                continue
            score = _agreement(outputs, probe, wanted, known, answers, seen)
            if score > 0 and (best is None or score > best[0]):
                best = (score, mistake)
    return best[1] if best else None


def _agreement(
    outputs: Outputs,
    probe: str,
    wanted: set[str],
    known: Fingerprint,
    answers: Mapping[str, Array],
    seen: dict[str, Mapping[str, Array]],
) -> float:
    """Return the fraction of arrays that agree; 0 unless all wanted ones do and show the mistake."""
    status = outputs.statuses.get(probe)
    if status is None:
        return 0.0
    if status.status != "ok" or known.error:
        return float(_error(status.status, status.message) == known.error)
    if probe not in seen:
        seen[probe] = {name: _features(name, one) for name, one in outputs.of(probe).items()}
    arrays = seen[probe]
    agree = {n for n in arrays if n in known.arrays and _alike(n, arrays[n], known.arrays[n])}
    read = {n for n in arrays if f"{probe}/{n}" in wanted}
    if not read or not read <= agree:
        return 0.0
    if not any(_shows(name, known.arrays[name], answers.get(f"{probe}/{name}")) for name in read):
        return 0.0  # the mistake does not change these arrays: it loses the check by others
    return len(agree) / max(len(arrays), 1)


def _shows(name: str, wrong: Array, right: Array | None) -> bool:
    """Return whether a mistake's array differs from the right one; for random samples, True."""
    return (
        name.startswith("sample")
        or right is None
        or not _alike(name, wrong, _features(name, right), SHOWS)
    )


def _error(status: str, message: str) -> str:
    first, *_ = message.removeprefix(SAID).splitlines() or [""]
    return f"{status}: {first}"


def _features(name: str, array: Array) -> Array:
    """Shrink an array to what distinguishes mistakes; a random sample to its shape and quantiles.

    For a history of parameters these are its steps, which are small compared with the parameters.
    """
    if name.startswith("sample"):
        shape = np.array(array.shape, dtype=np.float64)
        if array.size < SAMPLE_ENOUGH or not is_real(array) or not np.isfinite(array).all():
            return shape
        with np.errstate(over="ignore"):  # between two huge numbers
            quantiles = np.quantile(array.astype(np.float64), QUANTILES)
        return np.concatenate([shape, quantiles])
    if name == "history" and array.ndim > 1 and len(array) > 1 and is_real(array):
        with np.errstate(all="ignore"):  # what is not finite stays so, and agrees with nothing
            steps: Array = np.diff(array.astype(np.float64), axis=0)
        array = steps
    if array.size <= KEPT:
        return array
    picked = np.linspace(0, array.size - 1, KEPT).astype(int)
    kept: Array = array.reshape(-1)[picked]  # an array of another size gives other elements
    return kept


def _alike(name: str, one: Array, other: Array, close: float = CLOSE) -> bool:
    if name.startswith("sample"):
        return agree(one, other, SAMPLE_CLOSE, scale=1.0)
    return agree(one, other, close)


def pack(prints: Fingerprints) -> tuple[dict[str, Array], dict[str, dict[str, str]]]:
    """Return fingerprints as arrays keyed "<mistake>/<probe>/<array>", and errors as JSON."""
    arrays: dict[str, Array] = {}
    errors: dict[str, dict[str, str]] = {}
    for mistake, probes in prints.items():
        for probe, known in probes.items():
            for name, array in known.arrays.items():
                small = array.astype(np.float32) if array.dtype == np.float64 else array
                arrays[f"{mistake}/{probe}/{name}"] = small
            errors.setdefault(mistake, {})[probe] = known.error
    return arrays, errors


def load_fingerprints(path: Path) -> Fingerprints:
    """Read the fingerprints that `record` stored; empty if there is no such file."""
    if not path.exists():
        return {}
    arrays, about = read_npz(path)
    grouped: dict[tuple[str, str], dict[str, Array]] = {}
    for key, array in arrays.items():
        mistake, probe, name = key.split("/")
        grouped.setdefault((mistake, probe), {})[name] = array
    return {
        mistake: {p: Fingerprint(grouped.get((mistake, p), {}), e) for p, e in probes.items()}
        for mistake, probes in about["errors"].items()
    }

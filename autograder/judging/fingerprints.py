"""What a known mistake leaves in the outputs: its fingerprint, from which `naming` tells it.

Each known mistake is used twice. Applied to the solution, it tests the suite: it must lose a check of
its function, and no other function's. Its outputs, stored as its fingerprint, name the mistake in a
submission.

A fingerprint holds numbers. Texts in it are the grader's own, or an error's first line, of which
`errors` compares what no version of a library words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from autograder.compare import agree, is_real
from autograder.outputs import SAID, Array, Outputs, read_npz

KEPT = 64  # numbers of a large array that a fingerprint keeps
# Relative to the largest element: ten times what machines differ by in float32, and a fifth of the
# smallest difference between two listed mistakes.
CLOSE = 2e-4
SAMPLE = "sample"  # how the names of arrays begin that hold random numbers
SAMPLE_ENOUGH = 100  # numbers; fewer say nothing about the distribution they come from
QUANTILES = np.linspace(0, 1, 21)
DIMENSIONS = 4  # of a sample's shape, that are kept
SHARES, SHARES_CLOSE = 3, 0.1  # how many shares there are, and how far they may differ
CENTRAL = slice(1, -1)  # the smallest and the largest number vary much between two samples
# How far quantiles of one distribution may lie apart, in units of the range between 5 % and 95 %: a
# constant part, and one that shrinks with the size of the sample as the quantiles' own error does.
SAMPLE_CLOSE, SAMPLE_ERROR = 0.02, 1.5


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
            prints[probe] = Fingerprint(error=first_line(status.status, status.message))
            continue
        arrays = features_of(outputs.of(probe))
        right = features_of(
            {name: answers[f"{probe}/{name}"] for name in arrays if f"{probe}/{name}" in answers}
        )
        if not all(name in right and alike(name, arrays[name], right[name]) for name in arrays):
            prints[probe] = Fingerprint(arrays)
    return prints


def first_line(status: str, message: str) -> str:
    """Return what a fingerprint keeps of a probe that returned nothing."""
    first, *_ = message.removeprefix(SAID).splitlines() or [""]
    return f"{status}: {first}"


def features_of(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the features of each of a probe's arrays."""
    return {name: features(name, array) for name, array in arrays.items()}


def features(name: str, array: Array) -> Array:
    """Shrink an array to what distinguishes mistakes: a random sample to facts about its distribution.

    For a history of parameters these are its steps, which are small compared with the parameters.
    """
    if name.startswith(SAMPLE):
        return _of_sample(array)
    if name == "history" and array.ndim > 1 and len(array) > 1 and is_real(array):
        with np.errstate(all="ignore"):  # what is not finite stays so, and agrees with nothing
            steps: Array = np.diff(array.astype(np.float64), axis=0)
        array = steps
    if array.size <= KEPT:
        return array
    picked = np.linspace(0, array.size - 1, KEPT).astype(int)
    kept: Array = array.reshape(-1)[picked]  # an array of another size gives other elements
    return kept


def _of_sample(array: Array) -> Array:
    """Return a sample's shape and, if it is large, shares of repeated numbers and quantiles.

    The shares are of different numbers in all, and of rows and of columns that equal the first one.
    """
    shape = np.zeros(1 + DIMENSIONS)
    shape[: 1 + min(array.ndim, DIMENSIONS)] = [array.ndim, *array.shape[:DIMENSIONS]]
    if array.size < SAMPLE_ENOUGH or not is_real(array) or not np.isfinite(array).all():
        return shape
    numbers = array.astype(np.float64)
    table = numbers.reshape(len(numbers), -1)
    shares = [
        np.unique(numbers).size / numbers.size,
        float((table == table[:1]).all(axis=1).mean()),
        float((table == table[:, :1]).all(axis=0).mean()),
    ]
    with np.errstate(over="ignore"):  # between two huge numbers
        quantiles = np.quantile(numbers, QUANTILES)
    return np.concatenate([shape, shares, quantiles])


def says_little(name: str, array: Array | None) -> bool:
    """Return whether features are those of a small sample, which tell no mistakes apart."""
    return name.startswith(SAMPLE) and (array is None or array.size == 1 + DIMENSIONS)


def alike(name: str, one: Array, other: Array) -> bool:
    """Return whether two arrays' features agree, as far as machines and chance let them."""
    if name.startswith(SAMPLE):
        return _samples_alike(one, other)
    if one.shape != other.shape and _laid_out_alike(one, other):
        one, other = one.reshape(-1), other.reshape(-1)
    return agree(one, other, CLOSE)


def _laid_out_alike(one: Array, other: Array) -> bool:
    return one.size == other.size and same_layout(one.shape, other.shape)


def same_layout(one: Sequence[int], other: Sequence[int]) -> bool:
    """Return whether shapes differ only as (N, 1, 28, 28) and (N, 784), or (N, 1) and (N,), do."""
    if list(one[:1]) != list(other[:1]) or np.prod(one) != np.prod(other):
        return False
    squeezed = [[n for n in shape if n != 1] for shape in (one, other)]
    return squeezed[0] == squeezed[1] or min(len(one), len(other)) == 2


def _samples_alike(one: Array, other: Array) -> bool:
    facts = 1 + DIMENSIONS
    if one.shape != other.shape or not np.array_equal(one[:facts], other[:facts]):
        return False
    if one.size == facts:
        return True
    count = float(np.prod(one[1:facts][: int(one[0])]))
    one, other = one[facts:], other[facts:]
    if not np.allclose(one[:SHARES], other[:SHARES], rtol=0, atol=SHARES_CLOSE):
        return False
    quantiles, known = one[SHARES:][CENTRAL], other[SHARES:][CENTRAL]
    with np.errstate(all="ignore"):
        bound = (SAMPLE_CLOSE + SAMPLE_ERROR / np.sqrt(count)) * np.ptp(known)
        bound = max(bound, CLOSE * float(np.abs(known).max()))
        return bool(np.abs(quantiles - known).max() <= bound)


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

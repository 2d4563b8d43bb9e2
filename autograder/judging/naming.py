"""Name the known mistake that a lost check's outputs show, or none.

A false name costs more trust than a missing one, so that a mistake is named only where

- everything that it changes in a probe's arrays is changed in the same way,
- everything else that the probe returned is right, and
- no other listed mistake with other words fits as well.

Two mistakes in one function therefore have no name. What only tells how a function is written, or has
nothing to do with the rest, is left out of the comparison: see STYLE and APART.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from autograder.judging import errors
from autograder.judging.fingerprints import (
    SAMPLE,
    Fingerprint,
    Fingerprints,
    alike,
    features,
    features_of,
    first_line,
    same_layout,
    says_little,
)
from autograder.mistake import Mistake
from autograder.outputs import Array, Outputs

# Arrays in which right solutions differ: how an image is taken and returned, whether layers are tied to
# a size of the minibatch, how weights are laid out, which size it assumes if it is told none; and what
# a loss does with scores and labels of other shapes than the homework's.
STYLE = frozenset(
    (
        "shape",
        "input_shape",
        "batch_bound",
        "weight_shapes",
        "taken",
        "breaks",
        "flat",
        "unequal_sizes",
        "default",
    )
)
# Arrays about something else than the rest of the probe: whether building a network leaves PyTorch's
# random generator alone, and whether it takes images as they come.
APART = frozenset(("fresh", "input_shape"))
CLEARLY = 0.2  # how much nearer than the second mistake the first one must be


@dataclass(slots=True)
class Right:
    """What is right, and what each mistake changes in it: computed once for all submissions.

    Attributes:
        answers: the right arrays, by "<probe>/<array>".
    """

    answers: Mapping[str, Array]
    _features: dict[str, Array | None] = field(default_factory=dict)
    _changed: dict[int, tuple[Fingerprint, frozenset[str]]] = field(default_factory=dict)

    def of(self, probe: str, name: str) -> Array | None:
        """Return the features of a right array; None if there is none."""
        key = f"{probe}/{name}"
        if key not in self._features:
            right = self.answers.get(key)
            self._features[key] = None if right is None else features(name, right)
        return self._features[key]

    def changed(self, probe: str, known: Fingerprint) -> frozenset[str]:
        """Return the arrays in which a mistake differs from what is right."""
        kept = self._changed.get(id(known))
        if kept is None or kept[0] is not known:
            kept = known, frozenset(self._differing(probe, known))
            self._changed[id(known)] = kept
        return kept[1]

    def _differing(self, probe: str, known: Fingerprint) -> Iterator[str]:
        for name, array in known.arrays.items():
            right = self.of(probe, name)
            if right is None or not _same(name, array, right):
                yield name


@dataclass(slots=True)
class Evidence:
    """What one submission's probes returned, and what is right; compared with many mistakes."""

    outputs: Outputs
    right: Right
    arrays: dict[str, dict[str, Array]] = field(default_factory=dict)  # features, by probe

    def of(self, probe: str) -> dict[str, Array]:
        """Return the features of a probe's arrays, computed once."""
        if probe not in self.arrays:
            self.arrays[probe] = features_of(self.outputs.of(probe))
        return self.arrays[probe]

    def of_another_shape(self, probe: str, known: Fingerprint, name: str) -> bool:
        """Return whether a mistake changes an array's shape, and the submission has neither's."""
        right, wrong = self.right.of(probe, name), known.arrays[name].shape
        changes = right is not None and right.shape != wrong
        return changes and self.of(probe)[name].shape != wrong


def diagnose(
    outputs: Outputs,
    probes: Iterable[str],
    read: Iterable[str],
    check: str,
    mistakes: Iterable[Mistake],
    prints: Fingerprints,
    answers: Mapping[str, Array],
    evidence: Evidence | None = None,
) -> Mistake | None:
    """Return the known mistake that a lost check's outputs show; None if there is none.

    Arguments:
        probes: the probes whose arrays the check judged.
        read: the keys "<probe>/<array>" that the check read.
        check: the check's name; only mistakes that lose it are considered.
        answers: the right arrays; a mistake must change at least one array that the check read.
        evidence: the same outputs and answers, if several checks are asked about.
    """
    evidence, wanted = evidence or Evidence(outputs, Right(answers)), set(read)
    fitting: list[tuple[float, Mistake]] = []
    for mistake in mistakes:
        if check not in mistake.loses:
            continue
        distances = [
            distance
            for probe in probes
            if (known := prints.get(mistake.id, {}).get(probe)) is not None
            and (distance := _distance(evidence, probe, wanted, known)) is not None
        ]
        if distances:
            fitting.append((min(distances), mistake))
    return _clearest(fitting)


def _clearest(fitting: list[tuple[float, Mistake]]) -> Mistake | None:
    """Return the nearest mistake, unless another one is about as near and says something else."""
    if not fitting:
        return None
    fitting.sort(key=lambda pair: pair[0])
    nearest, best = fitting[0]
    for distance, other in fitting[1:]:
        if (other.says, other.hint) != (best.says, best.hint) and nearest >= CLEARLY * distance:
            return None
    return best


def _distance(evidence: Evidence, probe: str, wanted: set[str], known: Fingerprint) -> float | None:
    """Return how far a mistake's arrays lie from the submission's; None if it does not fit."""
    status = evidence.outputs.statuses.get(probe)
    if status is None:
        return None
    if status.status != "ok" or known.error:
        line = first_line(status.status, status.message)
        return 0.0 if known.error and errors.same(line, known.error) else None
    arrays, changed = evidence.of(probe), evidence.right.changed(probe, known)
    read = {name for name in known.arrays if f"{probe}/{name}" in wanted}
    shown = changed & read
    if not shown and all(says_little(name, arrays.get(name)) for name in read):
        shown = changed  # what the check read cannot tell; the rest of the probe does
    if not shown or not changed <= arrays.keys():
        return None
    apart = shown <= APART
    compared = (
        shown
        if apart
        else {
            name
            for name in arrays.keys() & known.arrays.keys()
            if name not in APART and (name in changed or name not in STYLE)
        }
    )
    for name in compared:
        if evidence.of_another_shape(probe, known, name):
            return None
        if not alike(name, arrays[name], known.arrays[name]):
            return None
    if "shape" in arrays.keys() & known.arrays.keys() - compared and not same_layout(
        _shape(arrays["shape"]), _shape(known.arrays["shape"])
    ):
        return None
    return max((_apart(name, arrays[name], known.arrays[name]) for name in compared), default=0.0)


def _shape(array: Array) -> list[int]:
    """Return the shape that an array holds; of what holds none, one that is like no other."""
    known = array.ndim == 1 and array.dtype.kind in "iu"
    return array.tolist() if known else [-1]


def _same(name: str, one: Array, other: Array) -> bool:
    """Return whether a mistake leaves an array as it should be; a shape counts here."""
    return (one.shape == other.shape or name.startswith(SAMPLE)) and alike(name, one, other)


def _apart(name: str, one: Array, other: Array) -> float:
    """Return the largest difference of two arrays that are alike; 0 for random ones."""
    if name.startswith(SAMPLE):
        return 0.0
    with np.errstate(all="ignore"):
        gap = np.abs(one.reshape(-1).astype(np.float64) - other.reshape(-1).astype(np.float64))
        size = np.abs(other[np.isfinite(other)]).max(initial=0.0)
        return float(np.nan_to_num(gap).max(initial=0.0) / size) if size else 0.0

"""Order pairs of edits by how well both together may show what a student's function shows.

Nothing is run for this. For each array, what a pair shows is foretold from what its edits show alone:
if only one of them changes the array, that one decides; if both do, their changes add up, multiply, or
one hides the other. The sum of what is missing, over all arrays, orders the pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from autograder.judging.fingerprints import alike
from autograder.judging.shown import Shown
from autograder.outputs import Array

Flat = Mapping[str, Array | str]
# What an array adds to a pair's cost, from 0 (as the student's) to 2 (it cannot become so).
IMPOSSIBLE, UNKNOWN, TOUCHED = 2.0, 0.8, 0.5


def flat(seen: Shown) -> dict[str, Array | str]:
    """Return arrays by "<probe>/<array>", and errors by "<probe>"."""
    found: dict[str, Array | str] = {}
    for probe, one in seen.items():
        if isinstance(one, str):
            found[probe] = one
        else:
            found.update({f"{probe}/{name}": array for name, array in one.items()})
    return found


def ranked(
    student: Shown, right: Shown, some: Sequence[Shown], others: Sequence[Shown] | None = None
) -> Iterator[tuple[int, int]]:
    """Yield pairs, the likeliest first: places in `some` and in `others`.

    Without `others`, pairs are of `some` with themselves, each once.
    """
    one = [flat(seen) for seen in some]
    other = one if others is None else [flat(seen) for seen in others]
    wanted, normal = flat(student), flat(right)
    total = np.zeros((len(one), len(other)))
    for name, value in wanted.items():
        if isinstance(value, str):
            raised = [np.array([got.get(name) == value for got in side]) for side in (one, other)]
            total += IMPOSSIBLE * ~(raised[0][:, None] | raised[1][None, :])
            continue
        total += _Array(name, value, normal.get(name)).costs(one, other)
    if others is None:
        total[np.tril_indices(len(one))] = np.inf
    for place in np.argsort(total, axis=None, kind="stable"):
        first, second = divmod(int(place), len(other))
        if np.isfinite(total[first, second]):
            yield first, second


class _Array:
    """One array of the student's, `name` in the probe and `key` among all."""

    def __init__(self, name: str, student: Array, right: Array | str | None) -> None:
        self.key, self.name = name, name.rpartition("/")[2]
        self.student = student
        self.right = None if isinstance(right, str) else right
        self.numbers = student.reshape(-1).astype(np.float64)
        self.is_right = self.right is not None and alike(self.name, student, self.right)

    def costs(self, one: Sequence[Flat], other: Sequence[Flat]) -> Array:
        """Return what each pair of the two rows lacks."""
        left = self._facts(one)
        up = left if one is other else self._facts(other)
        moved, moves = left.changed[:, None], up.changed[None, :]
        if self.is_right:
            touched: Array = TOUCHED * (moved.astype(float) + moves)
            return touched
        both = self._together(left, up)
        alone: Array = np.where(moved, left.lacks[:, None], up.lacks[None, :])
        found: Array = np.where(moved & moves, both, alone)
        found[~(moved | moves)] = IMPOSSIBLE
        return found

    def _facts(self, row: Sequence[Flat]) -> _Facts:
        return _Facts(self, [one.get(self.key) for one in row])

    def lack(self, numbers: Array) -> Array:
        """Return for each row of numbers how far it is from the student's, at most 1."""
        usable = np.isfinite(self.numbers)
        start = self.numbers
        with np.errstate(all="ignore"):  # what is not finite stays so
            if self.right is not None and self.right.size == self.numbers.size:
                start = self.numbers - self.right.reshape(-1)
            size = float(np.linalg.norm(start[usable & np.isfinite(start)])) or 1.0
            gap = np.linalg.norm((numbers - self.numbers)[..., usable], axis=-1) / size
            odd = (np.isfinite(numbers) != usable).any(axis=-1)
            found: Array = np.minimum(np.nan_to_num(gap, nan=1.0, posinf=1.0), 1.0)
        found[odd] = 1.0
        return found

    def _together(self, left: _Facts, up: _Facts) -> Array:
        """Return what pairs lack of which both edits change the array."""
        found: Array = np.full((len(left.changed), len(up.changed)), UNKNOWN)
        if self.right is None or self.right.size != self.numbers.size:
            # Its shape is another: what one of them has alone is all that is known.
            found = np.minimum(found, np.minimum(left.lacks[:, None], up.lacks[None, :]))
            return found
        normal = self.right.reshape(-1).astype(np.float64)
        for i in np.flatnonzero(left.usable & left.changed):
            mine = left.numbers[i]
            with np.errstate(all="ignore"):
                added = self.lack(mine + up.numbers - normal)
                product = self.lack(np.where(normal == 0, 0.0, mine * up.numbers / normal))
            hidden = np.minimum(left.lacks[i], up.lacks)
            row = np.minimum(np.minimum(added, product), hidden)
            found[i] = np.where(up.usable, row, found[i])
        return found


class _Facts:
    """What a row of edits does to one array.

    Attributes:
        changed: whether the array is not the right one any more.
        usable: whether it has as many numbers as the student's.
        numbers: these numbers; zeros where there are others.
        lacks: how far it is from the student's, at most 1.
    """

    def __init__(self, array: _Array, row: Sequence[Array | str | None]) -> None:
        size = array.numbers.size
        self.changed = np.ones(len(row), bool)
        self.usable = np.zeros(len(row), bool)
        self.numbers = np.zeros((len(row), size))
        for i, got in enumerate(row):
            if got is None or isinstance(got, str):
                continue
            if array.right is not None and alike(array.name, got, array.right):
                self.changed[i] = False
            if got.size == size and got.dtype.kind in "biuf":
                self.usable[i] = True
                self.numbers[i] = got.reshape(-1)
        self.lacks: Array = np.where(self.usable, array.lack(self.numbers), 1.0)

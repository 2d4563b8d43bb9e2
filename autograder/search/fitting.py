"""Fit the numbers of the solution to what a student's function showed.

A known mistake with another value, a slope of 0.3 or a factor of 1.7, is in no list. What the outputs
say of the value is found by Gauss and Newton's method, with differences of two runs as the slope
(Broyden, 1965): one number, or two together. It counts only if the solution with the fitted numbers
shows everything that the student's function showed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from autograder.compare import is_real
from autograder.judging.fingerprints import DIMENSIONS, SAMPLE, SHARES
from autograder.judging.shown import Shown, same
from autograder.operators.edits import ClashError
from autograder.operators.slots import Slot, slots
from autograder.outputs import Array
from autograder.search.ranking import flat
from autograder.search.trying import Candidate, Tried, Tries

STEPS = 10  # runs for one fit
NEAR = 0.9  # the share of the difference that must be left at most after three runs
UNLIKELY = 0.95  # the share that a straight line may leave at most
CHANGED = 1e-5  # what changes by less is rounding, in units of the largest number
SINGLE, DOUBLE = 20, 8  # fits that are tried, of one number and of two
DIGITS = (1, 2, 3, 4)  # of a number that a student may have typed
TYPED = 0.02  # how far such a number may lie from the fitted one, relative to it
Values = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """Slots, what to reach, and how the numbers that functions show change with the slots.

    Attributes:
        wanted: the student's difference from what is right, an array of its own scale after another.
        slope: a column for each slot.
        rows: the numbers that are fitted: of arrays that change nearly as a straight line does.
            Gradients through a ReLU jump.
    """

    some: tuple[Slot, ...]
    wanted: Array
    slope: Array
    rows: Array

    @property
    def left(self) -> float:
        """The share of the difference that a straight line cannot explain."""
        wanted, slope = self.wanted[self.rows], self.slope[self.rows]
        best, *_ = np.linalg.lstsq(slope, wanted, rcond=None)
        return _size(wanted - slope @ best) / _size(wanted)


class Fitting:
    """The fits of one function to what one student's function showed."""

    def __init__(
        self, tries: Tries, function: str, student: Shown, right: Shown, until: float
    ) -> None:
        self.tries = tries
        self.function = function
        self.student = student
        self.right = right
        self.until = until
        self._keys = _comparable(student, right)
        normal = {key: array for key, array in flat(right).items() if not isinstance(array, str)}
        self._groups = _groups([_fittable(key, normal[key]).size for key in self._keys])
        numbers = self._numbers(student)
        assert numbers is not None  # the arrays were chosen so
        self._wanted = numbers

    def one(self) -> Tried | None:
        """Fit one number; return the solution with it if it shows the same as the student's."""
        fits = self._started()
        return self._first(fit for fit in fits[:SINGLE])

    def two(self) -> Tried | None:
        """Fit two numbers together."""
        pairs = [
            fit
            for (a, one), (b, other) in combinations(self._columns(), 2)
            if _angle(one, other) < 1 - 1e-6
            for fit in self._starts((a, b), np.stack([one, other], axis=1))
        ]
        pairs.sort(key=lambda fit: fit.left)
        return self._first(fit for fit in pairs[:DOUBLE])

    def _first(self, fits: Iterator[_Fit]) -> Tried | None:
        for fit in fits:
            if time.monotonic() >= self.until:
                break
            found = self._fit(fit)
            if found is not None:
                return found
        return None

    def _started(self) -> list[_Fit]:
        """Return the fits of one slot, the likeliest first; of equally likely ones, in their order."""
        fits = [
            fit
            for slot, slope in self._columns()
            for fit in self._starts((slot,), slope[:, None])
            if fit.left <= UNLIKELY
        ]
        fits.sort(key=lambda fit: round(fit.left, 2))
        return fits

    def _starts(self, some: tuple[Slot, ...], slope: Array) -> Iterator[_Fit]:
        """Yield fits of all numbers, and of each array alone."""
        everything = np.ones(len(self._wanted), bool)
        for rows in (everything, *self._groups):
            if rows.sum() > len(some) and _size(self._wanted[rows]) > CHANGED:
                yield _Fit(some, self._wanted, slope, rows)

    def _columns(self) -> list[tuple[Slot, Array]]:
        """Return the slots that change anything, and how it changes with them."""
        found = []
        for slot, near, tried in starts(self.tries, self.function, self.until):
            if tried.shown is not None and (numbers := self._numbers(tried.shown)) is not None:
                slope = numbers / (near - slot.right)
                if _size(numbers) > CHANGED:
                    found.append((slot, slope))
        return found

    def _fit(self, fit: _Fit) -> Tried | None:
        """Improve the values of slots until the function shows the same as the student's."""
        rows, wanted = fit.rows, fit.wanted[fit.rows]
        values = np.array([slot.right for slot in fit.some])
        numbers, slope = np.zeros_like(wanted), fit.slope[rows]
        for step in range(STEPS):
            move, *_ = np.linalg.lstsq(slope, wanted - numbers, rcond=None)
            new = np.array([np.clip(v, *s.limits) for v, s in zip(values + move, fit.some)])
            if np.allclose(new, values, rtol=1e-7, atol=0):
                return None
            found: Values = tuple(map(float, new))
            tried = self._run(fit, found, about=True)
            got = None if tried is None or tried.shown is None else self._numbers(tried.shown)
            if tried is None or got is None:
                return None
            if same(self.student, _of(tried)):
                return self._typed(fit, found) or tried
            got = got[rows]
            if step >= 2 and _size(wanted - got) > NEAR * _size(wanted):
                return None
            moved = new - values
            slope += np.outer(got - numbers - slope @ moved, moved) / float(moved @ moved)
            values, numbers = new, got
        return None

    def _typed(self, fit: _Fit, values: Values) -> Tried | None:
        """Return the fit with numbers as a student types them, if these show the same."""
        for digits in DIGITS:
            typed = tuple(float(f"{value:.{digits}g}") for value in values)
            gaps = [abs(a - b) <= TYPED * abs(b) for a, b in zip(typed, values, strict=True)]
            if all(gaps):
                tried = self._run(fit, typed)
                if tried is not None and tried.shown and same(self.student, tried.shown):
                    return tried
        return None

    def _run(self, fit: _Fit, values: Values, about: bool = False) -> Tried | None:
        candidate = fitted(self.tries, self.function, fit.some, values, about)
        if candidate is None:
            return None
        tried = self.tries.run(self.function, [candidate], self.until)
        return tried[0] if tried else None

    def _numbers(self, seen: Shown) -> Array | None:
        """Return how what is shown differs from what is right; None if it cannot be compared."""
        normal, found = flat(self.right), []
        arrays = flat(seen)
        for key in self._keys:
            array, right = arrays.get(key), normal[key]
            assert not isinstance(right, str)
            if array is None or isinstance(array, str) or array.shape != right.shape:
                return None
            one, other = _fittable(key, array), _fittable(key, right)
            if not np.isfinite(one).all():
                return None
            scale = float(np.abs(other).max(initial=0.0)) or 1.0
            found.append((one - other) / scale / np.sqrt(len(one)))
        return np.concatenate(found) if found else np.zeros(0)


def starts(tries: Tries, function: str, until: float) -> list[tuple[Slot, float, Tried]]:
    """Run each slot of a function with a number near the right one; return these numbers, too."""

    wanted: dict[str, tuple[Slot, float, Candidate]] = {}
    for slot in slots(tries.source_of(function)):
        near = _near(slot)
        candidate = fitted(tries, function, (slot,), (near,))
        if candidate is not None:
            wanted.setdefault(candidate.source, (slot, near, candidate))
    tried = tries.run(function, [candidate for *_, candidate in wanted.values()], until)
    return [(*wanted[one.candidate.source][:2], one) for one in tried]


def _near(slot: Slot) -> float:
    """Return a number near the right one, on the side that is free."""
    smallest, largest = slot.limits
    if not slot.right:
        return 1e-3
    near = slot.right * 1.25
    return near if smallest <= near <= largest else slot.right * 0.75


def fitted(
    tries: Tries, function: str, some: Sequence[Slot], values: Values, about: bool = False
) -> Candidate | None:
    """Return the solution with numbers in slots; None if two of them exclude each other.

    Arguments:
        about: tell that the numbers are not exact.
    """
    try:
        candidates = [
            tries.candidate(function, slot.edit(value, about))
            for slot, value in zip(some, values, strict=True)
        ]
    except ClashError:
        return None
    found: Candidate | None = candidates[0]
    for other in candidates[1:]:
        found = tries.joined(function, found, other) if found is not None else None
    return found


def _comparable(student: Shown, right: Shown) -> list[str]:
    """Return the arrays that can be fitted: of real numbers, and of the right shape."""
    normal = flat(right)
    return [
        key
        for key, array in flat(student).items()
        if not isinstance(array, str)
        and not isinstance(known := normal.get(key), str)
        and known is not None
        and array.shape == known.shape
        and is_real(array)
        and known.dtype.kind == "f"
        and np.isfinite(_fittable(key, array)).all()
        and np.isfinite(_fittable(key, known)).all()
    ]


def _fittable(key: str, array: Array) -> Array:
    """Return the numbers of an array that can be fitted; of a sample its quantiles."""
    numbers = array.reshape(-1).astype(np.float64)
    if key.rpartition("/")[2].startswith(SAMPLE):
        return numbers[1 + DIMENSIONS + SHARES :]
    return numbers


def _groups(sizes: Sequence[int]) -> list[Array]:
    """Return which numbers are of one array, for each array; all that hold one number are one."""
    whole, ends = np.arange(sum(sizes)), np.cumsum(sizes)
    found, alone = [], np.zeros(len(whole), bool)
    for size, end in zip(sizes, ends, strict=True):
        rows = (whole >= end - size) & (whole < end)
        if size > 1:
            found.append(rows)
        else:
            alone |= rows
    return [*found, alone]


def _size(numbers: Array) -> float:
    return float(np.linalg.norm(numbers))


def _angle(one: Array, other: Array) -> float:
    """Return the cosine between two lines."""
    size = _size(one) * _size(other)
    return abs(float(one @ other)) / size if size else 0.0


def _of(tried: Tried) -> Shown:
    assert tried.shown is not None
    return tried.shown

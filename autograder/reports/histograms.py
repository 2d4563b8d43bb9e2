"""Draw what a student's function drew at random, over the interval that the homework asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.compare import is_real
from autograder.outputs import Array, Outputs

# The probes whose arrays are random numbers, and the interval over which they are to be even.
ASKED = {"sample_noise": ("sample", -1.0, 1.0)}
BINS = 30
MARGIN = 0.25  # of the interval's width, shown on both sides of it


@dataclass(frozen=True, slots=True)
class Histogram:
    """How a student's numbers are spread.

    Attributes:
        low, high: the interval that is asked for.
        left, right: the interval that is shown; numbers beyond it are counted in the outermost bars.
        bars: heights between 0 and 1.
        even: the height of all bars in the interval if the numbers were spread evenly.
        outside: the share of the numbers that lie outside the interval.
    """

    function: str
    count: int
    low: float
    high: float
    left: float
    right: float
    bars: tuple[float, ...]
    even: float
    outside: float

    def place(self, number: float) -> float:
        """Return where a number stands in what is shown, from 0 to 1."""
        return (number - self.left) / (self.right - self.left)


def histograms(outputs: Outputs) -> list[Histogram]:
    """Return a histogram for each function that drew finite numbers."""
    found = []
    for function, (name, low, high) in ASKED.items():
        array = outputs.of(function).get(name)
        one = _histogram(function, array, low, high) if array is not None else None
        if one is not None:
            found.append(one)
    return found


def _histogram(function: str, array: Array, low: float, high: float) -> Histogram | None:
    if not is_real(array):
        return None
    with np.errstate(invalid="ignore", over="ignore"):  # a kind of NaN that warns; huge numbers
        numbers = array.astype(np.float64).reshape(-1)
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return None
    margin = MARGIN * (high - low)
    left, right = low - margin, high + margin
    drawn = np.where(numbers == high, np.nextafter(high, low), numbers)  # inside, as its share says
    counts, _ = np.histogram(np.clip(drawn, left, right), bins=BINS, range=(left, right))
    even = numbers.size * (right - left) / BINS / (high - low)
    highest = max(float(counts.max()), even)
    return Histogram(
        function=function,
        count=numbers.size,
        low=low,
        high=high,
        left=left,
        right=right,
        bars=tuple(round(float(count) / highest, 4) for count in counts),
        even=round(even / highest, 4),
        outside=float(((numbers < low) | (numbers > high)).mean()),
    )

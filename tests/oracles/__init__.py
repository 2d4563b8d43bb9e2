"""Every stored answer derived again, in NumPy float64 without PyTorch."""

from __future__ import annotations

from types import ModuleType

import numpy as np


def derive(oracle: ModuleType, key: str) -> dict[str, np.ndarray]:
    """Return the answers of a part's oracle for a course's key; "" for the public ones."""
    from tests.oracles.gan_pytorch import COURSE_KEY

    before = COURSE_KEY.set(key)
    try:
        return oracle.answers()
    finally:
        COURSE_KEY.reset(before)


def agrees(
    one: np.ndarray, other: np.ndarray, tolerance: float, smallest: float = 0.0, rows: bool = False
) -> bool:
    """Tell whether two arrays are of one shape and equal up to `tolerance` x the largest of `other`.

    Arguments:
        smallest: what counts as largest at least.
        rows: each row has a size of its own, as gradients of different parameters have; `smallest` is
            then a share of the largest of all rows.
    """
    if one.shape != other.shape:
        return False
    if one.dtype.kind in "bi":
        return bool(np.array_equal(one, other))
    a, b = one.astype(np.float64), other.astype(np.float64)
    floor = smallest * np.abs(b).max(initial=0) if rows else smallest
    pairs = zip(a, b) if rows else [(a, b)]
    return all(
        bool(np.abs(x - y).max(initial=0) <= tolerance * max(np.abs(y).max(initial=0), floor))
        for x, y in pairs
    )

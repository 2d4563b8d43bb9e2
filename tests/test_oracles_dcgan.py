"""The stored answers of `dcgan` have a second witness: NumPy in float64, without PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import parts
from autograder.outputs import read_npz
from tests import oracles
from tests.oracles import dcgan

PART = parts.get("dcgan")
STORED, _ = read_npz(PART.answers)
JUDGED = sorted(set(STORED) - set(dcgan.RANDOM))
# Relative to the largest element. Measured: 3.6e-6, of Adam's history and of the generators, whose
# BatchNorm divides by a small deviation; and 1.2e-5 of a bias in front of a BatchNorm, whose gradient
# is nothing but rounding errors. A grade turns at 2e-4, a loss at 1e-5.
CLOSE = 2e-5
# As in the suite: a bias in front of a BatchNorm has no gradient but rounding errors.
SMALLEST = 1e-2


@pytest.fixture(scope="module")
def derived(one_thread):
    return oracles.derive(dcgan, PART.key)


def agrees(key: str, one: np.ndarray, other: np.ndarray) -> bool:
    rows = key.endswith("gradients") and one.ndim == 2
    return oracles.agrees(one, other, CLOSE, SMALLEST if rows else 0, rows)


def test_no_stored_answer_is_without_a_witness(derived):
    assert set(STORED) == {*derived, *dcgan.RANDOM}


@pytest.mark.parametrize("key", JUDGED)
def test_the_stored_answer_is_right(key, derived):
    assert agrees(key, STORED[key], derived[key])


@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize("key", [key for key in JUDGED if STORED[key].size])
def test_a_wrong_answer_would_be_noticed(key, place, derived):
    wrong = STORED[key].copy()
    if wrong.dtype == bool:
        wrong.reshape(-1)[place] ^= True
    elif wrong.dtype.kind == "i":
        wrong.reshape(-1)[place] += 1
    else:
        wrong = wrong.astype(np.float64)
        wrong.reshape(-1)[place] += 1e-4 * max(np.abs(wrong).max(), 1e-9)
    assert not agrees(key, wrong, derived[key])


@pytest.mark.parametrize("key", dcgan.RANDOM)
def test_what_is_random_is_spread_evenly(key):
    """The probe turns numbers into their places in the distribution that they should come from."""
    places = np.sort(STORED[key].astype(np.float64), axis=None)
    even = (np.arange(places.size) + 0.5) / places.size
    assert np.abs(places - even).max() < 2.5 / np.sqrt(places.size)

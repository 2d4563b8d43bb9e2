"""What holds for `wgan_gp` alone: its answers' second witness, and what its probes can see."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import parts
from autograder.outputs import read_npz
from tests import oracles
from tests.oracles import wgan_gp

PART = parts.get("wgan_gp")
STORED, _ = read_npz(PART.answers)
DERIVED = sorted(key for key in STORED if not key.partition("/")[2].startswith("sample"))
FLOATS = [key for key in DERIVED if STORED[key].dtype.kind == "f"]
# Relative to the largest element. PyTorch computes in float32, whose last place is 6e-8 (measured: 1e-6
# at most, in a gradient of a gradient); a grade turns at 2e-5 and at 2e-4.
CLOSE, WRONG = 5e-6, 1e-4


@pytest.fixture(scope="module")
def derived(one_thread):
    return oracles.derive(wgan_gp, PART.key)


def agrees(key: str, one: np.ndarray, other: np.ndarray) -> bool:
    if key == "get_optimizer/history" and one.shape == other.shape:  # in units of the learning rate
        steps = np.diff(one.astype(np.float64), axis=0) - np.diff(other, axis=0)
        if np.abs(steps).max() > 2e-7:  # measured: 5e-8, the rounding of a parameter
            return False
    return oracles.agrees(one, other, CLOSE)


def test_no_stored_answer_but_random_ones_is_without_a_witness(derived):
    assert set(DERIVED) == set(derived)


@pytest.mark.parametrize("key", DERIVED)
def test_the_stored_answer_is_right(key, derived):
    assert agrees(key, STORED[key], derived[key])


@pytest.mark.parametrize("key", DERIVED)
def test_a_wrong_answer_would_be_noticed(key, derived):
    wrong = STORED[key].copy()
    if wrong.dtype == bool:
        wrong ^= True
    elif wrong.dtype == np.uint8:  # a text, which may be empty
        wrong = np.append(wrong, np.uint8(33))
    elif wrong.dtype.kind == "i":
        wrong += 1
    else:
        wrong = wrong.astype(np.float64)
        wrong.reshape(-1)[0] += WRONG * (np.abs(wrong).max() or 1)
    assert not agrees(key, wrong, derived[key])


@pytest.mark.parametrize("key", FLOATS)
def test_a_wrong_last_element_would_be_noticed(key, derived):
    wrong = STORED[key].astype(np.float64)
    wrong.reshape(-1)[-1] += WRONG * (np.abs(wrong).max() or 1)
    assert not agrees(key, wrong, derived[key])


def test_slopes_lie_on_both_sides_of_one():
    """Else a penalty that is one-sided, or not squared, could pass for a right one."""
    real, fake = (wgan_gp.images(3000 + i, wgan_gp.BATCH, wgan_gp.CRITIC[0]) for i in range(2))
    hidden, bias, last, _ = wgan_gp.parameters(wgan_gp.CRITIC, 3010)
    share = wgan_gp.shares(3002, wgan_gp.BATCH)
    inside = np.tanh((share * real + (1 - share) * fake) @ hidden.T + bias)
    lengths = np.linalg.norm((last * (1 - inside**2)) @ hidden, axis=1)
    assert lengths.min() < 0.9 and lengths.max() > 1.1


def test_what_is_random_in_the_answers_is_as_described():
    for name in ("sample_noise", "sample_epsilon"):
        values = STORED[f"train_step/{name}"]  # the noise is mapped so that it is uniform on (0, 1)
        assert values.size >= 500 and values.min() >= 0 and values.max() <= 1
        assert abs(values.mean() - 1 / 2) < 0.06 and abs(values.var() - 1 / 12) < 0.02

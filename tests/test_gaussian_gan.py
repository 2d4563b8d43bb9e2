"""What holds for `gaussian_gan` alone: its answers' second witness, and how its probes ask."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import parts
from autograder.compare import gaussian_distance
from autograder.outputs import read_npz
from tests import oracles
from tests.oracles import gaussian_gan

PART = parts.get("gaussian_gan")
STORED, _ = read_npz(PART.answers)
DERIVED = sorted(key for key in STORED if not key.partition("/")[2].startswith("sample"))
FLOATS = [key for key in DERIVED if STORED[key].dtype.kind == "f"]
# Relative to the largest element. PyTorch computes in float32, whose last place is 6e-8 (measured:
# 5e-7 at most); Adam divides a gradient by its own size, and a small one has fewer digits (measured:
# 6e-6). A grade turns at 2e-4 and at 1e-3.
CLOSE, ADAM = 2e-6, 3e-5
WRONG = 1e-3


@pytest.fixture(scope="module")
def derived(one_thread):
    return oracles.derive(gaussian_gan, PART.key)


def agrees(key: str, one: np.ndarray, other: np.ndarray) -> bool:
    tolerance = ADAM if "steps_" in key else CLOSE
    return oracles.agrees(one, other, tolerance, rows=key.endswith("/gradients"))


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


def test_what_is_random_in_the_answers_is_as_described():
    for probe in ("train", "train_given_updates"):
        for name in ("sample_weights_d", "sample_weights_g", "sample_noise"):
            values = STORED[f"{probe}/{name}"]  # mapped so that they are uniform on (0, 1)
            assert values.size > 5000 and values.min() >= 0 and values.max() <= 1
            assert abs(values.mean() - 1 / 2) < 0.02 and abs(values.var() - 1 / 12) < 0.004
        cloud = STORED[f"{probe}/sample_cloud"]
        assert np.abs(cloud[0] - [1.0, -1.0]).max() < 0.2
        assert np.abs(cloud[1:] - [[1.04, 0.46], [0.46, 0.85]]).max() < 0.4


def test_the_distance_is_that_of_gaussians():
    one, two = np.diag([4.0, 9.0]), np.diag([1.0, 1.0])
    assert gaussian_distance(np.zeros(2), one, np.zeros(2), one) == pytest.approx(0, abs=1e-7)
    assert gaussian_distance(np.array([3.0, 4.0]), one, np.zeros(2), one) == pytest.approx(5)
    assert gaussian_distance(np.zeros(2), one, np.zeros(2), two) == pytest.approx(np.sqrt(1 + 4))
    assert gaussian_distance(np.zeros(2), one * 0, np.zeros(2), two) == pytest.approx(np.sqrt(2))

"""The stored answers have a second witness: NumPy in float64, without PyTorch."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder import parts
from autograder.outputs import read_npz
from tests import oracles
from tests.oracles import gan_pytorch

PART = parts.get("gan_pytorch")
STORED, _ = read_npz(PART.answers)
# Judged by what defines them, below.
RANDOM = tuple(
    f"sample_noise/{name}" for name in ("sample", "small", "sample_draws", "sample_seeded")
)
FLOATS = sorted(k for k in STORED if STORED[k].dtype.kind == "f" and k not in RANDOM)
# Relative to the largest element. PyTorch computes in float32, whose last place is 6e-8: a loss keeps
# it (measured: 1e-7); a network's sums over a thousand products, and a BatchNorm that divides by the
# deviation of eight examples, lose up to two digits (measured: 6e-6). A grade turns at 2e-4.
LOSS, NETWORK = 1e-6, 2e-5


@pytest.fixture(scope="module")
def derived(one_thread):
    return oracles.derive(gan_pytorch, PART.key)


def tolerance(key: str) -> float:
    return NETWORK if key.partition("/")[0] in gan_pytorch.NETWORKS else LOSS


def agrees(key: str, one: np.ndarray, other: np.ndarray) -> bool:
    if key == "get_optimizer/history" and one.shape == other.shape:
        # a step is small: judged in units of a parameter's rounding
        steps = np.diff(one.astype(np.float64), axis=0) - np.diff(other, axis=0)
        if np.abs(steps).max() > 2e-7:  # measured: 3e-8
            return False
    rows = key.endswith("gradients") and one.ndim == 2
    return oracles.agrees(one, other, tolerance(key), rows=rows)


def test_no_stored_answer_is_without_a_witness(derived):
    assert set(STORED) == {*derived, *RANDOM}


@pytest.mark.parametrize("key", sorted(set(STORED) - set(RANDOM)))
def test_the_stored_answer_is_right(key, derived):
    assert agrees(key, STORED[key], derived[key])


@pytest.mark.parametrize("key", sorted(set(STORED) - set(RANDOM)))
def test_a_wrong_answer_would_be_noticed(key, derived):
    wrong = STORED[key].copy()
    if wrong.dtype == bool:
        wrong ^= True
    elif wrong.dtype.kind == "i":
        wrong += 1
    else:
        wrong = wrong.astype(np.float64)
        wrong.reshape(-1)[0] += 1e-4 * np.abs(wrong).max()
    assert not agrees(key, wrong, derived[key])


def test_a_history_of_right_steps_from_a_wrong_start_would_be_noticed(derived):
    key = "get_optimizer/history"
    assert not agrees(key, STORED[key] + np.float32(1e-4), derived[key])


@pytest.mark.parametrize("key", FLOATS)
def test_a_wrong_last_element_would_be_noticed(key, derived):
    wrong = STORED[key].astype(np.float64)
    wrong.reshape(-1)[-1] += 1e-4 * np.abs(wrong).max()
    assert not agrees(key, wrong, derived[key])


def test_the_noise_is_of_the_described_shape_and_range():
    sample, small = STORED["sample_noise/sample"], STORED["sample_noise/small"]
    assert sample.shape == (500, 40) and small.shape == (3, 5)
    assert -1 <= sample.min() < -0.999 and 0.999 < sample.max() < 1
    assert abs(sample.mean()) < 0.03 and abs(sample.var() - 1 / 3) < 0.01


def test_the_oracles_know_nothing_of_pytorch_or_of_the_solution():
    for path in Path(gan_pytorch.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                known = {"numpy", "tests", *sys.stdlib_module_names}
                assert name.partition(".")[0] in known, (path.name, name)

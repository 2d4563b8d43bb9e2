"""The assertions of suites: what passes, and that no message prints a number that it compared."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.compare import CheckFailed, close, field, finite, many_repeats, scalar, uniform


@pytest.mark.parametrize(
    ("got", "want", "passes"),
    [
        (1.0, 1.0 + 1e-7, True),
        (1.0, 1.001, False),
        (np.nan, 1.0, False),
        (np.inf, np.inf, False),
        ([1.0, 2.0], [1.0, 2.0], True),
        ([1.0], [1.0, 1.0], False),
        (0.0, 0.0, True),
    ],
)
def test_close_is_relative_to_the_largest_element(got, want, passes):
    try:
        close(np.array(got), np.array(want), 1e-5, "loss: wrong")
        agreed = True
    except CheckFailed:
        agreed = False
    assert agreed is passes


def test_no_assertion_prints_a_number_that_it_compared():
    secret = 0.123456789
    with pytest.raises(CheckFailed) as caught:
        close(np.array(5.0), np.array(secret), 1e-5, "loss: wrong value")
    assert str(caught.value) == "loss: wrong value"


def test_nan_and_infinity_are_told_apart():
    with pytest.raises(CheckFailed, match="NaN"):
        finite(np.array([1.0, np.nan]), "loss")
    with pytest.raises(CheckFailed, match="infinity"):
        finite(np.array([1.0, np.inf]), "loss")


def test_a_loss_that_is_no_single_number_is_told_its_shape():
    with pytest.raises(CheckFailed, match=r"shape \(10, 1\); average"):
        scalar(np.zeros((10, 1)), "loss")
    assert scalar(np.ones((1, 1)), "loss").shape == ()


def test_a_reply_without_an_array_is_a_lost_check_and_no_crash():
    with pytest.raises(CheckFailed, match="incomplete"):
        field({}, "value")


@pytest.mark.parametrize("seed", range(20))
def test_uniform_accepts_uniform_samples(seed):
    uniform(np.random.default_rng(seed).uniform(-1, 1, 20000), -1, 1, "no")


@pytest.mark.parametrize("spread", [0.95, 1.05])
def test_uniform_sees_a_spread_that_is_a_twentieth_off(spread):
    with pytest.raises(CheckFailed):
        uniform(np.random.default_rng(1).uniform(-spread, spread, 20000), -1, 1, "no")


def test_repeats_are_bounded_by_a_probability():
    assert many_repeats(20000, 2**24, 1000) < 1e-300
    assert many_repeats(20000, 2**24, 13) > 0.5

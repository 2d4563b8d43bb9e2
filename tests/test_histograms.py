"""Noise as a picture: how the student's numbers are spread over the interval that is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.outputs import Outputs, ProbeStatus
from autograder.reports import webpage
from autograder.reports.histograms import BINS, histograms
from autograder.reports.sheet import Sheet
from tests.test_webpage_student import LOST, made, result


def drawn(numbers):
    arrays = {"sample_noise/sample": np.asarray(numbers)}
    return histograms(Outputs("gan_pytorch", arrays, {"sample_noise": ProbeStatus("ok")}))


def test_even_noise_fills_the_interval_to_the_even_line():
    (one,) = drawn(np.linspace(-1, 1, 20_000))
    inside = one.bars[5:25]
    assert len(one.bars) == BINS and one.count == 20_000 and one.outside == 0
    assert inside == pytest.approx([one.even] * 20, abs=0.01)
    assert one.bars[:5] == one.bars[25:] == (0,) * 5


def test_noise_beyond_the_picture_is_in_its_outermost_bars():
    (one,) = drawn([[-7.0, 0.0], [1.0, 9.0]])
    assert one.outside == 0.5 and one.bars[0] == one.bars[-1] == one.bars[24] == 1.0


@pytest.mark.parametrize(
    "numbers", [[], [np.nan, np.inf], ["a"], [1j], [np.nan] * 3], ids=lambda it: str(it)[:12]
)
def test_what_is_no_noise_has_no_picture(numbers):
    assert drawn(numbers) == []


@pytest.mark.parametrize("numbers", [[1e308, -1e308], [True, False], [0], 2**62], ids=str)
def test_odd_numbers_are_drawn(numbers):
    assert all(0 <= bar <= 1 for one in drawn(numbers) for bar in one.bars)


def test_the_picture_stands_with_the_function_that_lost_points():
    noise = drawn([0.1, 0.2, 3.0, 4.0])
    wrong = result(made("sample_noise", LOST, "passed"), made("bce_loss", LOST))
    page = webpage.student_page([Sheet(wrong, histograms=noise)])
    assert page.count("<svg") == 1 and "50 % lie outside" in page
    right = result(made("sample_noise", "passed"), made("bce_loss", LOST))
    assert "<svg" not in webpage.student_page([Sheet(right, histograms=noise)])

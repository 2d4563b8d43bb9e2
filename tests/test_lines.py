"""What a student's numbers look like beside the described ones: an optimizer's steps, pixels."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.batch.publish import page_of
from autograder.grading import grade
from autograder.outputs import Outputs, ProbeStatus
from autograder.reports.lines import HEIGHT, WIDTH, lines

RNG = np.random.default_rng(1)
RIGHT = {
    "get_optimizer/history": np.cumsum(RNG.normal(size=(7, 3)), axis=0),
    "generator/public": np.tanh(RNG.normal(size=(8, 784))),
}


def drawn(key: str = "", **changed: np.ndarray):
    """Return what is drawn for the right arrays with some changed; by probe."""
    arrays = {**RIGHT, **changed}
    statuses = {name.partition("/")[0]: ProbeStatus("ok") for name in arrays}
    return lines(Outputs("p", arrays, statuses, key=key), RIGHT)


def points(text: str) -> np.ndarray:
    return np.array([[float(n) for n in pair.split(",")] for pair in text.split()])


def test_the_parameter_that_differs_most_is_drawn_from_its_start_to_its_last_step():
    history = RIGHT["get_optimizer/history"].copy()
    history[1:, 2] += 3.0
    one = drawn(**{"get_optimizer/history": history})["get_optimizer"]
    mine, right = points(one.mine), points(one.right)
    assert len(mine) == len(right) == 7 and mine[-1, 0] == WIDTH
    assert tuple(mine[0]) == tuple(right[0]) == (0, one.axis)  # both begin where nothing has moved
    way = history[:, 2] - history[0, 2]
    other = RIGHT["get_optimizer/history"][:, 2] - RIGHT["get_optimizer/history"][0, 2]
    span = max(*way, *other) - min(*way, *other)
    np.testing.assert_allclose(one.axis - mine[:, 1], way / span * HEIGHT, atol=0.11)
    np.testing.assert_allclose(one.axis - right[:, 1], other / span * HEIGHT, atol=0.11)
    assert "in 6 steps" in one.says


def test_pixels_are_drawn_where_their_brightness_differs():
    assert "generator" not in drawn()
    one = drawn(**{"generator/public": 2 * RIGHT["generator/public"]})["generator"]
    share = (np.abs(2 * RIGHT["generator/public"]) > 1).mean()
    assert f" {100 * share:.0f} % of yours lie outside of (-1, 1)." in one.says
    assert not np.array_equal(points(one.mine), points(one.right))
    shifted = np.clip(RIGHT["generator/public"] / 2 + 0.5, 0, 1)
    assert "outside" not in drawn(**{"generator/public": shifted})["generator"].says


def test_with_a_key_of_the_courses_own_nothing_is_drawn():
    changed = {"generator/public": 2 * RIGHT["generator/public"]}
    assert drawn(**changed) and not drawn("a key", **changed)


@pytest.mark.parametrize(
    "array",
    [
        np.full((7, 3), np.nan),
        np.full((7, 3), np.inf),
        np.full((7, 3), 1e300),
        np.zeros((6, 3)),
        np.zeros((0, 3)),
        np.zeros(()),
        np.zeros((7, 3), complex),
    ],
)
def test_what_cannot_be_drawn_is_left_out(array):
    assert "get_optimizer" not in drawn(**{"get_optimizer/history": array})


def test_an_optimizer_that_moves_nothing_beside_one_that_does_is_a_flat_line():
    one = drawn(**{"get_optimizer/history": np.zeros((7, 3))})["get_optimizer"]
    assert set(points(one.mine)[:, 1]) == {one.axis}


def test_a_students_page_draws_the_steps_only_where_the_optimizer_lost_points(part, tmp_path):
    right = part.solution.read_text()
    path = tmp_path / "gan_pytorch.py"
    for text, count in ((right, 0), (re.sub(r"lr=[\d.e-]+", "lr=0.1", right), 1)):
        path.write_text(text)
        page = page_of(grade(path, [part.name], functions=["get_optimizer"]))
        assert page.count('<polyline class="mine"') == count

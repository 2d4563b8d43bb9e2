"""Real digits handed out as drawn ones keep their points, and lose their place: staff are told."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from rich.console import Console

from autograder.judging.scoring import Judge
from autograder.outputs import Outputs, ProbeStatus, read_npz
from autograder.parts import get
from autograder.reports import gradescope, terminal, webpage
from autograder.reports.gradebook import Row
from autograder.reports.webpage import Sheet
from autograder.results import Result

PART = get("gan_learning")
ANSWERS, _ = read_npz(PART.answers)
DIGITS = ANSWERS["reference/digits"].astype(np.float64)
SUSPICION = "To look at by hand"


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


def enlarged(small):
    """Enlarge pictures of 8x8 pixels, 0 to 16, to 28x28, -1 to 1, as the probe does."""
    torch = pytest.importorskip("torch")
    pixels = torch.from_numpy(small.reshape(-1, 1, 8, 8) / 16)
    large = torch.nn.functional.interpolate(pixels, size=(28, 28), mode="bilinear")
    return 2 * large.reshape(-1, 784).numpy() - 1


def chosen(seed=0, count=400):
    return np.random.default_rng(seed).choice(len(DIGITS), count, replace=False)


def noise(size):
    return np.random.default_rng(3).normal(0, size, (400, 784))


REPLAYS = {
    "real digits": lambda: enlarged(DIGITS[chosen()]),
    "one digit 400 times": lambda: enlarged(DIGITS[np.zeros(400, int)]),
    "in a little noise": lambda: enlarged(DIGITS[chosen()]) + noise(0.05),
    "in more noise": lambda: enlarged(DIGITS[chosen()]) + noise(0.2),
    "shifted": lambda: np.roll(enlarged(DIGITS[chosen()]).reshape(-1, 28, 28), 1, 2),
    "mixed in pairs": lambda: enlarged((DIGITS[chosen()] + DIGITS[chosen(1)]) / 2),
    "darker": lambda: enlarged(DIGITS[chosen()] * 0.9),
    "with a few lost": lambda: enlarged(DIGITS[chosen()] * (noise(1)[:, :64] > -1.6)),
    "a third drawn": lambda: np.where(
        np.arange(400)[:, None] % 3 == 0, drawn("vanilla"), enlarged(DIGITS[chosen()])
    ),
}


def drawn(probe):
    """Return what the solution's generator drew."""
    return ANSWERS[f"{probe}/sample"].reshape(-1, 784) / 127.5 - 1


def with_pictures(pictures):
    pixels = np.clip(np.round((pictures.reshape(-1, 784) + 1) * 127.5), 0, 255).astype(np.uint8)
    arrays = {**ANSWERS, "vanilla/sample": pixels}
    return Outputs(PART.name, arrays, {name: ProbeStatus("ok") for name in PART.probe_names()})


def judged(judge, pictures):
    checks = judge.score(with_pictures(pictures))
    score = sum(check.score for check in checks)
    return Result(PART.name, "ana", score, 20, checks, {}, (), (), 1.0)


@pytest.mark.parametrize("replay", REPLAYS)
def test_a_replay_is_told_to_staff_and_has_no_figure(replay, judge):
    checks = {check.name: check for check in judged(judge, REPLAYS[replay]()).checks}
    distance = checks["vanilla_distance"]
    assert distance.suspicion.startswith("vanilla GAN: ") and distance.measured is None
    assert checks["lsgan_distance"].suspicion == "" and checks["lsgan_distance"].measured


@pytest.mark.parametrize("probe", ["vanilla", "lsgan"])
def test_what_a_network_drew_is_not_suspected(probe, judge):
    result = judged(judge, drawn(probe))
    assert result.suspicions == [] and result.score == 20
    assert all(check.measured for check in result.checks if check.figure)


def test_it_takes_no_points(judge):
    assert judged(judge, REPLAYS["real digits"]()).score == 20


def test_the_student_does_not_read_it_and_staff_do(judge):
    result = judged(judge, REPLAYS["real digits"]())
    words = "the pictures lie on the real digits"
    assert [words in text for text in result.suspicions] == [True]
    assert words not in webpage.student_page([Sheet(result)])
    page = webpage.class_page("GANs", [Row("ana", (), result=result)], (), "folders", "latest")
    assert SUSPICION in page and words in page
    told = json.loads(gradescope.render([result]))
    assert words not in json.dumps(told)
    places = {one["name"]: one["value"] for one in told["leaderboard"]}
    assert places["Vanilla GAN: distance"] == gradescope.LAST > places["LSGAN: distance"]
    assert Result.from_json(result.to_json()) == result
    console = Console(width=200, record=True, file=io.StringIO())
    terminal.show([result], console)
    assert f"{SUSPICION}: vanilla GAN: {words}" in console.export_text()

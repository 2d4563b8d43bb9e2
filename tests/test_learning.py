"""The training check: what it judges, on pictures that are at hand; training itself in small."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from autograder.compare import gaussian_distance
from autograder.handins.submission import find
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs, ProbeStatus, read_npz
from autograder.parts import EXTRAS, Part, get, training_of
from autograder.reports import pictures
from autograder.results import Result
from autograder.running.forked import ForkedWorkers
from autograder.running.limits import Limits
from autograder.running.runner import run
from autograder.staff import record

PART = get("gan_learning")
ANSWERS, _ = read_npz(PART.answers)
ALL = ["lsgan_distance", "lsgan_variety", "vanilla_distance", "vanilla_variety"]


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


def outputs(**changes):
    """Return the solution's outputs with another array in both trainings."""
    arrays = dict(ANSWERS)
    for probe in ("vanilla", "lsgan"):
        for name, value in changes.items():
            arrays[f"{probe}/{name}"] = np.asarray(value)
    names = PART.probe_names()
    return Outputs(PART.name, arrays, {name: ProbeStatus("ok") for name in names})


def lost(judge, found):
    return sorted(check.name for check in judge.score(found) if check.status != "passed")


def real_digits():
    """Return real digits as the probe enlarges them, as bytes."""
    torch = pytest.importorskip("torch")
    from sklearn.datasets import load_digits

    small = torch.from_numpy(load_digits().images / 16).float()[:, None]
    large = torch.nn.functional.interpolate(small, size=(28, 28), mode="bilinear")
    return np.round(255 * large.reshape(len(large), -1).numpy()).astype(np.uint8)


def test_it_is_no_part_that_is_graded_unasked():
    assert PART in EXTRAS and PART.solution == get("gan_pytorch").solution


def test_the_answers_are_recorded_from_this_solution_and_these_probes():
    record.check_fresh(PART)
    assert PART.answers.stat().st_size < 1_000_000


def test_the_classifier_knows_its_digits():
    from sklearn.datasets import load_digits

    x = real_digits() / 127.5 - 1
    for layer in range(3):
        x = x @ ANSWERS[f"reference/weight{layer}"].T + ANSWERS[f"reference/bias{layer}"]
        x = np.maximum(x, 0) if layer < 2 else x
    assert (x.argmax(1) == load_digits().target).mean() > 0.99


def test_the_recorded_training_earns_all_points(judge):
    checks = judge.score(outputs())
    assert [check.name for check in checks if check.status != "passed"] == []
    assert sum(check.max_score for check in checks) == 20


def test_real_digits_earn_all_points(judge):
    assert lost(judge, outputs(sample=real_digits()[:400])) == []


def test_noise_is_no_digit(judge):
    noise = np.random.default_rng(0).integers(0, 256, (400, 784), dtype=np.uint8)
    assert {"vanilla_distance", "lsgan_distance"} <= set(lost(judge, outputs(sample=noise)))


def test_one_good_digit_again_and_again_is_a_collapse(judge):
    same = np.repeat(real_digits()[:1], 400, axis=0)
    assert lost(judge, outputs(sample=same)) == ALL
    told = {check.name: check.message for check in judge.score(outputs(sample=same))}
    assert "collapsed" in told["vanilla_variety"]


def measured(judge, found):
    return {check.figure: check.measured for check in judge.score(found) if check.figure}


def test_the_figures_are_the_judges_own_whatever_the_worker_says(judge):
    ours = measured(judge, outputs())
    assert list(ours) == ["Vanilla GAN: distance", "LSGAN: distance"]
    assert all(0 < far < 400 for far in ours.values())
    assert measured(judge, outputs(measured=0.0, distance=0.0)) == ours


def test_a_distance_that_loses_points_is_measured_too(judge):
    noise = np.random.default_rng(0).integers(0, 256, (400, 784), dtype=np.uint8)
    assert all(far > 400 for far in measured(judge, outputs(sample=noise)).values())


def test_what_was_not_trained_rightly_has_no_distance(judge):
    stub = Outputs(PART.name, {}, {name: ProbeStatus("todo") for name in PART.probe_names()})
    for found in (outputs(outside=0.25), outputs(sample=np.zeros((1, 784), np.uint8)), stub):
        assert measured(judge, found) == {"Vanilla GAN: distance": None, "LSGAN: distance": None}


def test_a_loss_that_is_not_finite_and_a_pixel_outside_cost_all(judge):
    for change, words in (
        ({"losses": np.array([[0.7, 0.7], [np.nan, 1.0]], dtype=np.float32)}, "at iteration 2"),
        ({"outside": 0.25}, "outside of [-1, 1]"),
    ):
        checks = judge.score(outputs(**change))
        assert all(check.status == "failed" and words in check.message for check in checks)


@pytest.mark.parametrize(
    "forged",
    [
        {"sample": np.full((400, 784), np.nan)},
        {"sample": np.zeros((7, 3), np.uint8)},
        {"sample": np.zeros((0, 784), np.uint8)},
        {"sample": np.zeros((400, 784), np.complex64)},
        {"losses": np.float32(1)},
        {"losses": np.zeros((0, 2), np.float32)},
        {"losses": np.zeros((600, 2), np.complex64)},
        {"outside": np.zeros(3)},
    ],
    ids=repr,
)
def test_what_no_training_gives_costs_points_and_does_not_stop_the_judge(judge, forged):
    checks = judge.score(outputs(**forged))
    assert all(c.status == "failed" for c in checks)
    said = ("not what training gives", "complex numbers")
    assert all(any(words in c.message for words in said) for c in checks)


def test_the_distance_is_torchmetrics(judge):
    """Hold our distance against the library's, with the classifier's layers as its network."""
    torch = pytest.importorskip("torch")
    fid = pytest.importorskip("torchmetrics.image.fid", reason="torchmetrics is not installed")

    class Features(torch.nn.Module):
        num_features = 32

        def forward(self, x):
            x = x.reshape(len(x), -1).double()[:, :784] * 2 - 1
            for layer in (0, 1):
                weight = torch.from_numpy(ANSWERS[f"reference/weight{layer}"]).double()
                bias = torch.from_numpy(ANSWERS[f"reference/bias{layer}"]).double()
                x = torch.relu(x @ weight.T + bias)
            return x

    metric = fid.FrechetInceptionDistance(feature=Features(), normalize=True)
    metric.set_dtype(torch.float64)
    real = torch.from_numpy(real_digits() / 255.0).reshape(-1, 1, 28, 28)
    drawn = torch.from_numpy(ANSWERS["vanilla/sample"] / 255.0).reshape(-1, 1, 28, 28)
    metric.update(real, real=True)
    metric.update(drawn, real=False)
    ours = [Features()(x).numpy() for x in (drawn, real)]
    moments = [m for x in ours for m in (x.mean(0), np.cov(x.T))]
    assert gaussian_distance(*moments) ** 2 == pytest.approx(float(metric.compute()), rel=1e-4)


def test_a_page_shows_losses_and_pictures_and_no_others():
    drawn = pictures.trainings(outputs())
    assert len(drawn) == 2 and all(one.base64.startswith("iVBOR") for one in drawn)
    assert drawn == pictures.trainings(outputs()), "equal results make equal pages"
    for odd in (
        {"losses": np.zeros((0, 2), np.float32)},
        {"losses": np.zeros((5, 3), np.float32)},
        {"sample": np.zeros((400, 784), np.float32)},
        {"sample": np.zeros((2, 784), np.uint8)},
    ):
        assert pictures.trainings(outputs(**odd)) == []


# --- training, in small --------------------------------------------------------------------------


@dataclass(frozen=True)
class Short(Part):
    """The part with fewer iterations."""

    folder: str = ""

    @property
    def probes(self):
        return Path(self.folder, "probes.py")


@pytest.fixture(scope="module")
def short_part(tmp_path_factory):
    part = Short(
        PART.name, PART.title, file=PART.file, folder=str(tmp_path_factory.mktemp("short"))
    )
    text = PART.probes.read_text()
    assert "ITERATIONS = 600" in text
    part.probes.write_text(text.replace("ITERATIONS = 600", "ITERATIONS = 3"))
    return part


@pytest.fixture(scope="module")
def short(short_part):
    with ForkedWorkers([short_part]) as zygote:
        yield lambda submission: run(zygote, submission, short_part)


def changed(old, new):
    submission = find(PART.solution, PART)
    text = submission.files[submission.main].decode()
    assert old in text
    return replace(submission, files={submission.main: text.replace(old, new).encode()})


@pytest.mark.exhaustive(reason="3 s; the quick run judges what was recorded")
def test_a_short_training_runs_in_the_sandbox_and_is_the_same_twice(short):
    first, second = (short(find(PART.solution, PART)) for _ in range(2))
    assert {status.status for status in first.statuses.values()} == {"ok"}
    assert first.arrays["vanilla/losses"].shape == (3, 2)
    assert first.arrays["lsgan/sample"].shape == (400, 784)
    for key, array in first.arrays.items():
        assert np.array_equal(array, second.arrays[key]), key


def test_what_does_not_learn_for_a_plain_reason_says_it(short):
    stub = short(find(PART.stub, PART))
    assert {status.status for status in stub.statuses.values()} == {"todo"}
    detached = short(
        changed("loss = bce_loss(logits_fake, torch.ones_like(logits_fake))",
                "loss = bce_loss(logits_fake.detach(), torch.ones_like(logits_fake))")
    )  # fmt: skip
    assert detached.statuses["vanilla"].status == "error"
    assert detached.statuses["lsgan"].status == "ok"
    endless = short(changed("lr=1e-3", "lr=float('nan')"))
    assert len(endless.arrays.get("vanilla/losses", [])) < 3


def test_what_trains_has_time_of_its_own():
    assert training_of([get("gan_pytorch")]) == [PART] and training_of([get("dcgan"), PART]) == []
    assert Limits.usual(PART).probe_seconds > 100 > Limits.usual(get("gan_pytorch")).probe_seconds


@pytest.mark.exhaustive(reason="4 s; the quick run has a bundle that does so")
def test_grade_train_grades_both_parts_from_one_file(autograder, short_part, monkeypatch, tmp_path):
    monkeypatch.setattr("autograder.parts.training_of", lambda chosen: [short_part])
    told = autograder("grade", PART.solution, "--train")
    assert told.exit_code == 0, told.output
    main, trained = (
        Result.from_json((tmp_path / "results" / name / "result.json").read_text())
        for name in ("gan_pytorch", "gan_learning")
    )
    assert main.score == 100 and trained.max_score == 20
    assert "(measured: " in told.output
    assert "(measured: " in (tmp_path / "results" / "feedback.html").read_text()

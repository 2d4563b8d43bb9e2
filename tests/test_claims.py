"""What a worker merely claims earns nothing: flags count beside numbers that were computed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from autograder import parts
from autograder.handins.submission import Submission
from autograder.handins.unchanged import still_stubs
from autograder.judging.scoring import Judge
from autograder.outputs import Outputs, ProbeStatus, read_npz
from autograder.parts import EXTRAS, PARTS
from autograder.running.claims import without_claims

PART = parts.get("gan_pytorch")
STUB = PART.stub.read_text(encoding="utf-8")
NETWORKS = ("discriminator", "generator", "build_dc_classifier", "build_dc_generator")


def submission(text: str, **others: str) -> Submission:
    files = {"gan_pytorch.py": text.encode()}
    files |= {f"{name}.py": other.encode() for name, other in others.items()}
    return Submission("it", "gan_pytorch.py", files)


def claimed(arrays: dict[str, np.ndarray], part=PART) -> Outputs:
    """Return outputs as a worker sends them that asked no function anything."""
    statuses = {name: ProbeStatus("ok") for name in part.probe_names()}
    return Outputs(part.name, arrays, statuses)


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


def earned(judge, outputs):
    return {check.name: check.score for check in judge.score(outputs) if check.score}


# --- stubs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", [p for p in (*PARTS, *EXTRAS) if p.stub.is_file()], ids=lambda part: part.name
)
def test_in_a_released_file_every_gap_is_still_a_stub(part):
    name = part.stub.name
    one = Submission("it", name, {name: part.stub.read_bytes()})
    gaps = still_stubs(one, part)
    assert gaps
    solved = Submission("it", name, {name: part.solution.read_bytes()})
    assert not still_stubs(solved, part)


def test_the_stubs_own_text_earns_nothing_whatever_its_worker_sends(judge):
    answers, _ = read_npz(PART.answers)
    perfect = claimed(dict(answers))
    assert sum(earned(judge, perfect).values()) == 100
    kept = without_claims(perfect, submission(STUB + "\nprint('and frames')\n"), PART)
    assert earned(judge, kept) == {}
    assert "results for stubs are not counted" in kept.notes[-1]


def test_one_function_that_was_written_keeps_its_points(judge):
    answers, _ = read_npz(PART.answers)
    written = (
        STUB
        + "\ndef ls_generator_loss(scores_fake):\n    return ((scores_fake - 1) ** 2).mean() / 2\n"
    )
    kept = without_claims(claimed(dict(answers)), submission(written), PART)
    assert set(earned(judge, kept)) == {"ls_generator_loss_value", "ls_generator_loss_gradient"}


@pytest.mark.parametrize(
    "more",
    [
        "bce_loss = lambda x, y: 0",
        "def bce_loss(x, y):\n    return 0",
        "from mine import *",
        "from mine import bce_loss",
        "import mine as bce_loss",
        "if True:\n    from mine import other as bce_loss",
        "for bce_loss in []: pass",
        "def f():\n    global bce_loss\n    bce_loss = 1",
        "globals()['bce_loss'] = None",
        "exec('bce_loss = 1')",
        "import sys\nsetattr(sys.modules[__name__], 'bce_loss', 1)",
    ],
)
def test_a_function_that_may_get_its_meaning_elsewhere_is_no_stub(more):
    assert "bce_loss" not in still_stubs(submission(f"{STUB}\n{more}\n"), PART)


def test_a_module_beside_it_may_replace_a_function():
    assert still_stubs(submission(STUB, helpers="x = 1"), PART)
    assert not still_stubs(
        submission(STUB, helpers="import gan_pytorch as g\ng.bce_loss = 1"), PART
    )


@pytest.mark.parametrize("text", ["def (", "\0", "raise NotImplementedError(" + "(" * 5000, ""])
def test_what_cannot_be_parsed_is_left_to_the_worker(text):
    assert still_stubs(submission(text), PART) == frozenset()


# --- flags ------------------------------------------------------------------------------------


def test_flags_alone_earn_nothing(judge):
    arrays = {f"{name}/fresh": np.array(True) for name in NETWORKS}
    arrays["sample_noise/repeats"] = np.array(False)
    rng = np.random.default_rng(1)
    arrays["get_optimizer/history"] = rng.random((11, 8)).astype(np.float32)
    assert earned(judge, claimed(arrays)) == {}


def test_a_flag_counts_beside_one_value_that_is_right(judge):
    answers, _ = read_npz(PART.answers)
    arrays = dict(answers)
    arrays["discriminator/hidden"] = arrays["discriminator/hidden"] * 2
    scores = earned(judge, claimed(arrays))
    assert "discriminator_gradients" not in scores and "discriminator_fresh" in scores
    arrays["discriminator/public"] = arrays["discriminator/public"] * 2
    results = {check.name: check for check in judge.score(claimed(arrays))}
    fresh = results["discriminator_fresh"]
    assert fresh.withheld and fresh.score == 0 and fresh.status == "skipped"
    assert results["discriminator_scores"].title in fresh.message


@pytest.mark.parametrize("part", (*PARTS, *EXTRAS), ids=lambda part: part.name)
def test_a_check_rests_on_checks_of_its_own_function(part):
    with Judge.for_staff(part) as judge:
        checks = {check.name: check for check in judge.suite.checks}
    for check in checks.values():
        for name in check.rests_on:
            assert checks[name].probe == check.probe, f"{check.name} rests on {name}"
            assert not checks[name].rests_on, "what others rest on stands by itself"


def test_a_students_copy_of_the_suite_may_lack_what_a_check_rests_on(judge):
    answers, _ = read_npz(PART.answers)
    alone = dataclasses.replace(judge, public_only=True)
    assert sum(earned(alone, claimed(dict(answers))).values()) == 47

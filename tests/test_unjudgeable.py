"""Arrays that a check cannot judge lose that check, with a sentence; a check that is wrong is told."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import outputs, parts
from autograder.compare import CheckFailed, close, finite, uniform
from autograder.errors import SourceError
from autograder.judging.suite import Suite
from autograder.outputs import Outputs, ProbeStatus
from autograder.running import runner
from tests import wire

SUITE = '''
import numpy as np
import pytest

from autograder.compare import close, field, require

check = pytest.mark.check


@check(points=1, probe="one")
def test_first(outputs, answers):
    """The first number is right."""
    require(int(outputs["value"][0]) == int(answers["value"][0]), "one: wrong")


@check(points=1, probe="one")
def test_smaller(outputs, answers):
    """Every number is small."""
    require(np.ptp(outputs["value"]) <= 10, "one: too large")


@check(points=1, probe="one")
def test_broken(outputs, answers):
    """A check that its author never tried."""
    {broken}
'''
RIGHT = {"one/value": np.array([1.0, 2.0])}


@pytest.fixture
def judged(tmp_path):
    """Judge arrays with a suite whose last check does what it is told."""

    def judge(arrays, broken="pass", answers=RIGHT):
        path = tmp_path / f"test_{tmp_path.name}.py"  # modules are imported once by their name
        path.write_text(SUITE.replace("{broken}", broken))
        found = {f"one/{name}": np.asarray(array) for name, array in arrays.items()}
        with Suite(path) as suite:
            verdicts = suite.judge(Outputs("toy", found, {"one": ProbeStatus("ok")}), answers)
        return {verdict.check.name: verdict.failure for verdict in verdicts}

    return judge


def test_what_raises_on_a_students_arrays_alone_is_a_lost_check(judged):
    told = judged({"value": np.zeros((0, 3), np.float32)})
    words = "one: this check cannot judge what came back: value is empty (float32, shape (0, 3))"
    assert (told["first"], told["smaller"], told["broken"]) == (words, words, None)


def test_numbers_that_are_not_finite_are_described(judged):
    told = judged({"value": [np.nan, 1.0]})
    assert told["first"].endswith("value is float64 of shape (2,), not all of it finite")


def test_truth_values_and_whole_numbers_are_judged_as_numbers(judged):
    assert judged({"value": [True, False]})["smaller"] is None
    least = np.iinfo(np.int64).min
    assert judged({"value": [least, -least - 1]})["smaller"] == "one: too large"


def test_complex_numbers_are_refused_in_every_check(judged):
    told = judged({"value": [1j, 2j]})
    assert {told["first"], told["smaller"]} == {"one: gives complex numbers; expected real ones"}


def test_what_the_worker_did_not_send_is_no_missing_answer(judged):
    told = judged({"other": [1.0]})
    assert {told["first"], told["smaller"]} == {"what came back from your code is incomplete"}


@pytest.mark.parametrize(
    "broken",
    ["1 / 0", "undefined", "answers['none']", "np.zeros(3)[5]", "outputs['value'].nothing"],
)
def test_a_check_that_raises_on_right_arrays_too_is_the_staffs_to_mend(judged, broken):
    with pytest.raises(SourceError, match="broken"):
        judged({"value": [1.0, 2.0]}, broken)


@pytest.mark.parametrize("size", [0, 1, 2, 11, 106])
def test_a_sample_too_small_to_judge_is_not_uniform(size):
    sample = (np.arange(size) + 0.5) / max(size, 1)
    with pytest.raises(CheckFailed, match=f"noise: too few random numbers to judge: {size}, in"):
        uniform(sample, 0, 1, "noise: not uniform")


def test_a_small_sample_that_is_large_enough_is_judged():
    uniform((np.arange(107) + 0.5) / 107, 0, 1, "noise: not uniform")
    with pytest.raises(CheckFailed, match="not uniform"):
        uniform((np.arange(107) + 0.5) / 107 / 2, 0, 1, "noise: not uniform")


def test_complex_numbers_agree_with_nothing():
    one = np.array([1 + 0j])
    with pytest.raises(CheckFailed, match="complex"):
        close(one, np.array([1.0]), 1e-3, "f: differs")
    with pytest.raises(CheckFailed, match="complex"):
        finite(one, "f")


def test_arrays_that_are_too_large_together_cost_the_probes_beyond(tmp_path):
    """Each may have 4 MiB; what is stored must be loadable again."""
    part = parts.get("dcgan")
    probes = part.probe_names()
    frames = [wire.frame({"event": "confined", "layers": []}), wire.frame({"event": "loaded"})]
    for probe in probes:
        arrays = [["a", "|u1", [outputs.MAX_BYTES]]]
        done = {"event": "done", "probe": probe, "status": "ok", "arrays": arrays}
        frames += [wire.frame({"event": "start", "probe": probe})]
        frames += [wire.frame(done, bytes(outputs.MAX_BYTES))]
    frames += [wire.frame({"event": "end"})]
    found = run(b"".join(frames), part, probes)
    statuses = [found.statuses[probe] for probe in probes]
    assert [s.status for s in statuses] == ["ok"] * 15 + ["malformed"] * (len(probes) - 15)
    assert "more than 60 MB" in statuses[-1].message
    outputs.save(found, tmp_path / "outputs.npz")
    assert outputs.load(tmp_path / "outputs.npz").statuses == found.statuses


def run(reply, part, probes):
    """Run the engine on one long reply."""

    class Worker(wire.Replayer):
        def start(self, request):
            return wire.Sending(lambda channel: channel.sendall(reply))

    return runner.run(Worker(lambda: b""), wire.NOTHING, part, probes)

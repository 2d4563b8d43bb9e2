"""From outputs to a result: diagnosis, stored records, rescoring."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from autograder import files, grading, outputs
from autograder.batch import rescore
from autograder.errors import AnswersError
from autograder.handins.submission import find
from autograder.judging import fingerprints
from autograder.judging.fingerprints import Fingerprint
from autograder.judging.naming import diagnose
from autograder.judging.scoring import Judge
from autograder.results import CheckResult, Result
from autograder.staff import record, release
from tests.factories import a_mistake, an_output


def test_outputs_are_named_after_the_mistake_that_they_look_like():
    prints = {"m": {"loss": Fingerprint({"value": np.array(2.0)})}}
    asked = (["loss"], ["loss/value"], "value", [a_mistake()], prints)
    named = diagnose(an_output(2.0 + 1e-5), *asked, {"loss/value": np.array(1.0)})
    assert named is not None and named.id == "m"
    assert diagnose(an_output(2.1), *asked, {"loss/value": np.array(1.0)}) is None


def test_a_mistake_that_leaves_right_what_the_check_looked_at_is_not_named():
    """A value that rounding has made wrong says nothing about the gradient."""
    prints = {"m": {"loss": Fingerprint({"value": np.array(2.0), "gradient": np.array(0.0)})}}
    answers = {"loss/value": np.array(2.0), "loss/gradient": np.array(1.0)}
    asked = (["loss"], ["loss/value"], "value", [a_mistake()], prints, answers)
    assert diagnose(an_output(2.0 + 1e-3), *asked) is None


def test_fingerprints_survive_being_stored(tmp_path):
    prints = {
        "m": {"loss": Fingerprint({"value": np.array([1.0, 2.0])})},
        "n": {"loss": Fingerprint(error="error: ValueError")},
    }
    arrays, errors = fingerprints.pack(prints)
    outputs.write_npz(tmp_path / "p.npz", arrays, {"errors": errors})
    loaded = fingerprints.load_fingerprints(tmp_path / "p.npz")
    assert loaded["n"]["loss"].error == "error: ValueError"
    np.testing.assert_array_equal(loaded["m"]["loss"].arrays["value"], [1.0, 2.0])


# --- results ----------------------------------------------------------------------------------


def a_result(score=3.0) -> Result:
    check = CheckResult("value", "The value is right.", score, 3.0, "passed", visibility="public")
    return Result(
        "toy", "ana", score, 3.0, (check,), {"torch": "2"}, ("landlock",), ("a note",), 0.5
    )


def test_a_result_survives_json():
    assert Result.from_json(a_result().to_json()) == a_result()


def test_a_result_from_before_there_were_figures_is_read():
    about = json.loads(a_result().to_json())
    for check in about["checks"]:
        del check["figure"], check["measured"]
    assert Result.from_json(json.dumps(about)) == a_result()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"checks": 3}', '{"checks": [{}]}', "null"])
def test_what_is_no_result_is_refused(text):
    with pytest.raises(AnswersError, match="not a result"):
        Result.from_json(text)


def test_outputs_survive_a_file_and_equal_ones_give_equal_bytes(tmp_path):
    one = an_output(3.5)
    outputs.save(one, tmp_path / "a.npz")
    outputs.save(one, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = outputs.load(tmp_path / "a.npz")
    assert again.statuses == one.statuses
    np.testing.assert_array_equal(again.arrays["loss/value"], 3.5)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"not a zip at all"])
def test_a_damaged_file_of_outputs_is_refused_with_its_name(data, tmp_path):
    (tmp_path / "outputs.npz").write_bytes(data)
    with pytest.raises(AnswersError, match=r"outputs\.npz"):
        outputs.load(tmp_path / "outputs.npz")


def test_a_pickle_in_a_file_of_outputs_is_never_loaded(tmp_path):
    np.savez(tmp_path / "outputs.npz", about=np.array([{"a": 1}], dtype=object))
    with pytest.raises(AnswersError):
        outputs.load(tmp_path / "outputs.npz")


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "result.json"
    path.write_text("old")

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError):
        files.write_bytes(path, b"new")
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["result.json"]


# --- rescoring and release --------------------------------------------------------------------


def test_rescoring_says_who_changed_and_through_which_check(grader, part, tmp_path):
    result, raw = grader.grade(find(part.stub, part), part)
    outputs.save(raw, tmp_path / "ana" / "outputs.npz")
    data = json.loads(result.to_json())
    data["checks"][0].update(status="passed", score=3.0)
    data["score"] = 3.0
    (tmp_path / "ana" / "result.json").write_text(json.dumps(data))
    (change,) = rescore.rescore(tmp_path)
    assert change.changed and change.difference == -3 and "noise_range" in change.names
    rescore.write(tmp_path, [change])
    (again,) = rescore.rescore(tmp_path)
    assert not again.changed


def test_outputs_of_another_part_are_refused(part):
    with Judge.for_staff(part) as judge, pytest.raises(AnswersError, match="toy"):
        grading.result(judge, an_output(), "ana")


def test_public_answers_hold_no_hidden_one(part):
    public = release.public_answers(part)
    assert public and not [k for k in public if "hidden" in k or "gradients" in k or "extreme" in k]


def test_answers_older_than_the_probes_are_noticed(part, tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "checks").mkdir()
    copy = dataclasses.replace(part, root=tmp_path)
    copy.solution.write_text(part.solution.read_text() + "\n# changed\n")
    copy.answers.write_bytes(part.answers.read_bytes())
    with pytest.raises(AnswersError, match="run `autograder record`"):
        record.check_fresh(copy)

"""From outputs to a result: assertions, suites, points, diagnosis, and stored records."""

from __future__ import annotations

import dataclasses
import json
import os

import numpy as np
import pytest

from autograder import files, grading, mistake, outputs, parts
from autograder.batch import rescore
from autograder.compare import CheckFailed, close, field, finite, many_repeats, scalar, uniform
from autograder.errors import AnswersError, SourceError
from autograder.judging import fingerprints
from autograder.judging.fingerprints import Fingerprint
from autograder.judging.scoring import Judge
from autograder.judging.suite import Suite
from autograder.mistake import Mistake
from autograder.outputs import Outputs, ProbeStatus
from autograder.results import CheckResult, Result
from autograder.staff import release
from autograder.staff.stubs import make_stub


def an_output(value=1.0, probe="loss", status="ok", message="", part="toy") -> Outputs:
    arrays = {f"{probe}/value": np.array(value)} if status == "ok" else {}
    return Outputs(part, arrays, {probe: ProbeStatus(status, message)})


# --- compare ----------------------------------------------------------------------------------


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


# --- suites -----------------------------------------------------------------------------------

SUITE = '''
import pytest
from autograder.compare import field, require

check = pytest.mark.check


@check(points=3, probe="loss", public=True)
def test_value(outputs, answers):
    """The value is right."""
    require(field(outputs, "value") == answers["value"], "loss: wrong value")


@check(points=2, probe="loss")
def test_sign(outputs, remark):
    """The value is positive."""
    require(field(outputs, "value") > 0, "loss: negative")
    remark("loss: well done")
'''


@pytest.fixture
def toy(tmp_path):
    """Write a suite and return a function that judges outputs by it."""

    def judge(output: Outputs, text: str = SUITE, public_only: bool = False):
        path = tmp_path / f"test_toy_{tmp_path.name}.py"  # modules are imported once by their name
        path.write_text(text)
        with Suite(path) as suite:
            return suite.judge(output, {"loss/value": np.array(1.0)}, public_only)

    return judge


def test_collecting_a_suite_looks_into_no_other_folder(part, monkeypatch):
    """A folder above it may be /tmp, where others come and go: pytest fails on one that vanishes."""
    looked, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path=".": looked.append(str(path)) or scandir(path))
    with Suite(part.suite) as suite:
        assert suite.checks
    assert set(looked) <= {str(part.suite.parent)}


def test_a_suite_judges_each_check_once(toy):
    verdicts = toy(an_output(-2.0))
    assert [(v.check.name, v.failure) for v in verdicts] == [
        ("value", "loss: wrong value"),
        ("sign", "loss: negative"),
    ]
    assert [v.check.points for v in verdicts] == [3, 2]


def test_only_public_checks_when_asked(toy):
    assert [v.check.name for v in toy(an_output(), public_only=True)] == ["value"]


def test_remarks_cost_nothing(toy):
    verdict = toy(an_output())[1]
    assert verdict.failure is None and verdict.remarks == ["loss: well done"]


MEASURES = """

@check(points=1, probe="loss"{})
def test_size(outputs, measured):
    \"""The value is small.\"""
    measured(field(outputs, "value"))
    require(field(outputs, "value") < 1, "loss: too large")
"""


def test_a_figure_is_measured_whether_the_check_passes_or_not(toy):
    text = SUITE + MEASURES.format(', figure="Size"')
    for value, kept in ((2.0, 2.0), (-2.0, -2.0), (np.nan, None), (np.inf, None)):
        last = toy(an_output(value), text)[-1]
        assert (last.check.figure, last.measured) == ("Size", kept)
    assert toy(an_output(status="error", message="raised"), text)[-1].measured is None


def test_a_suite_knows_what_a_check_read(toy):
    verdict = toy(an_output())[0]
    assert verdict.read == {"loss/value"} and verdict.answers_read == {"loss/value"}


def test_a_probe_without_arrays_blocks_its_checks(toy):
    verdicts = toy(an_output(status="error", message="ValueError: no"))
    assert all(v.blocked and v.failure == "ValueError: no" for v in verdicts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def test_x(:\n", "cannot be collected"),
        ("def test_x(outputs):\n    pass\n", "check"),
        (SUITE.replace('"""The value is right."""', "pass"), "docstring"),
        (SUITE + MEASURES.format(""), "size: figure=... in its mark and `measured` go together"),
        (SUITE.replace("points=2", "points=2, figure='Size'"), "go together"),
    ],
)
def test_a_broken_suite_is_an_error_that_names_it(toy, text, words):
    with pytest.raises(SourceError, match="test_toy") as caught:
        toy(an_output(), text)
    assert words in str(caught.value)


def test_a_bug_in_a_check_is_the_staffs_error_and_not_a_students_loss(toy):
    with pytest.raises(SourceError):
        toy(an_output(), SUITE.replace("> 0", "> None"))


# --- stubs ------------------------------------------------------------------------------------

SOLVED = """def one():
    x = None
    ### BEGIN SOLUTION
    x = 1
    ### END SOLUTION
    return x


def two():
    ### BEGIN SOLUTION
    return 2
    ### END SOLUTION
"""


def test_a_stub_raises_where_the_solution_was():
    stub = make_stub(SOLVED, "toy.py")
    assert "x = 1" not in stub and "return 2" not in stub and "SOLUTION" not in stub
    names: dict = {}
    exec(stub, names)  # noqa: S102
    for name in ("one", "two"):
        with pytest.raises(NotImplementedError):
            names[name]()


def test_a_given_function_keeps_its_solution_without_markers():
    stub = make_stub(SOLVED, "toy.py", given=["one"])
    assert "x = 1" in stub and "return 2" not in stub and "SOLUTION" not in stub


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            SOLVED.replace("    ### END SOLUTION\n    return x", "    return x"),
            "toy.py:9: BEGIN SOLUTION inside the one of line 3",
        ),
        (
            SOLVED.replace("    ### BEGIN SOLUTION\n    x", "    x"),
            "toy.py:4: END SOLUTION without",
        ),
        (SOLVED.rpartition("    ### END")[0], "toy.py:10: BEGIN SOLUTION without END"),
    ],
)
def test_a_marker_without_its_partner_is_an_error_with_file_and_line(text, words):
    with pytest.raises(SourceError, match=words.replace(".", r"\.")):
        make_stub(text, "toy.py")


BUGGY = """def mean(numbers):
    ### BEGIN SOLUTION
    count = len(numbers)
    ### STUB
    # count = 2
    # if count:
    #     pass
    #
    ### END SOLUTION
    return sum(numbers) / count
"""


def test_a_stub_hands_out_the_code_with_a_bug_in_place_of_a_gap():
    stub = make_stub(BUGGY, "toy.py")
    assert stub.splitlines()[1:5] == ["    count = 2", "    if count:", "        pass", ""]
    assert "len(" not in stub and "#" not in stub and "NotImplemented" not in stub
    names: dict = {}
    exec(stub, names)  # noqa: S102
    assert names["mean"]([1, 2, 3]) == 3


def test_a_given_function_has_no_bug():
    given = make_stub(BUGGY, "toy.py", given=["mean"])
    assert "count = len(numbers)" in given and "count = 2" not in given and "#" not in given


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BUGGY.replace("# count = 2", "count = 2"), "toy.py:5: between STUB"),
        (BUGGY.replace("    ### BEGIN SOLUTION\n", ""), "toy.py:3: STUB belongs"),
        (BUGGY.replace("    #\n", "    ### STUB\n"), "toy.py:8: STUB belongs"),
    ],
)
def test_a_misplaced_bug_is_an_error_with_file_and_line(text, words):
    with pytest.raises(SourceError, match=words.replace(".", r"\.")):
        make_stub(text, "toy.py")


def test_a_class_can_be_given(tmp_path):
    part = parts.get("dcgan")
    release.release([part], tmp_path, given=["G_block"])
    text = (tmp_path / "dcgan.py").read_text()
    block, _, rest = text.partition("class G_block")[2].partition("\ndef ")
    assert "NotImplementedError" not in block and "NotImplementedError" in rest


def test_giving_a_function_that_is_not_there_is_an_error():
    with pytest.raises(SourceError, match="three"):
        make_stub(SOLVED, "toy.py", given=["three"])


# --- mistakes ---------------------------------------------------------------------------------

A_CLASS = """class Block(Base):
    def __init__(self):
        self.slope = 0.2


def later():
    slope = 0.2
"""


def test_a_mistake_may_stand_in_a_class():
    changed = mistake.apply(Mistake("m", "Block", "", "", (), old="0.2", new="0.1"), A_CLASS)
    assert changed == A_CLASS.replace("0.2", "0.1", 1)
    with pytest.raises(SourceError, match="is not in Block"):
        mistake.apply(Mistake("m", "Block", "", "", (), old="later", new="x"), A_CLASS)


def a_mistake(**changes) -> Mistake:
    values = {
        "id": "m",
        "function": "one",
        "says": "It is 2.",
        "hint": "Count.",
        "loses": ("value",),
    }
    return Mistake(**{**values, **changes})


def test_a_mistake_changes_its_own_function_alone():
    changed = mistake.apply(a_mistake(body="x = 2"), SOLVED)
    assert "x = 2" in changed and "x = 1" not in changed and "return 2" in changed


@pytest.mark.parametrize(
    "change", [{"function": "three"}, {"old": "y = 1"}, {"old": "x", "new": "x"}]
)
def test_a_mistake_that_does_not_apply_is_an_error(change):
    with pytest.raises(SourceError, match="mistake m"):
        mistake.apply(a_mistake(**change), SOLVED)


def test_outputs_are_named_after_the_mistake_that_they_look_like():
    prints = {"m": {"loss": Fingerprint({"value": np.array(2.0)})}}
    asked = (["loss"], ["loss/value"], "value", [a_mistake()], prints)
    named = fingerprints.diagnose(an_output(2.0 + 1e-5), *asked, {"loss/value": np.array(1.0)})
    assert named is not None and named.id == "m"
    assert fingerprints.diagnose(an_output(2.1), *asked, {"loss/value": np.array(1.0)}) is None


def test_a_mistake_that_leaves_right_what_the_check_looked_at_is_not_named():
    """A value that rounding has made wrong says nothing about the gradient."""
    prints = {"m": {"loss": Fingerprint({"value": np.array(2.0), "gradient": np.array(0.0)})}}
    answers = {"loss/value": np.array(2.0), "loss/gradient": np.array(1.0)}
    asked = (["loss"], ["loss/value"], "value", [a_mistake()], prints, answers)
    assert fingerprints.diagnose(an_output(2.0 + 1e-3), *asked) is None


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
    from autograder.handins.submission import find

    result, raw = grader.grade(find(part.stub, part), part)
    outputs.save(raw, tmp_path / "ana" / "outputs.npz")
    data = json.loads(result.to_json())
    data["checks"][0].update(status="passed", score=3.0)
    data["score"] = 3.0
    (tmp_path / "ana" / "result.json").write_text(json.dumps(data))
    (change,) = rescore.rescore(tmp_path)
    assert change.changed and "3 -> 0/100" in change.line() and "noise_range" in change.line()
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
    from autograder.staff import record

    (tmp_path / "solutions").mkdir()
    (tmp_path / "checks").mkdir()
    copy = dataclasses.replace(part, root=tmp_path)
    copy.solution.write_text(part.solution.read_text() + "\n# changed\n")
    copy.answers.write_bytes(part.answers.read_bytes())
    with pytest.raises(AnswersError, match="run `autograder record`"):
        record.check_fresh(copy)

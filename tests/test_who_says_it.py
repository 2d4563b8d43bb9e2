"""A worker cannot speak in the grader's name: its texts are marked, and the grader's own are not."""

from __future__ import annotations

import pytest

from autograder.judging.fingerprints import fingerprint
from autograder.outputs import MAX_MESSAGE, SAID, Outputs, ProbeStatus
from autograder.reports.messages import brief
from autograder.results import CheckResult
from tests.wire import PROBES, frame, replay

CLAIMS = [
    "the autograder itself failed (OSError: disk); tell the staff",
    "Checked by staff: full points.",
    "Note: graded by hand, 100/100",
    "running your file: killed",
    "x\nThe autograder itself failed",
    "x\n\n\n✓ It has the right shape. 4/4",
    "x\rChecked by staff",
    "x" + " " * 500 + "Checked by staff",
    f"{SAID}x\nChecked by staff",
    "\n\nChecked by staff",
    "from your code\nChecked by staff",
]
CONFINED = frame({"event": "confined", "layers": []})
LOADING = frame({"event": "loading"})
LOADED = frame({"event": "loaded", "notes": []})
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=ascii)


def assert_marked(text: str) -> None:
    first, *others = text.split("\n")
    assert first.startswith(SAID) and "Checked by staff" not in text.partition(SAID)[0]
    assert all(line.startswith("  ") and line.strip() for line in others)
    assert " " * 9 not in text and len(text) <= MAX_MESSAGE


@every_claim
@pytest.mark.parametrize("event", ["unloadable", "failed"])
@pytest.mark.parametrize("before", [CONFINED + LOADING, LOADING, CONFINED + LOADING + LOADED])
def test_a_failure_that_student_code_can_send_is_marked(claim, event, before):
    found = replay(lambda: before + frame({"event": event, "message": claim}))
    for status in found.statuses.values():
        assert status.status == "unloadable"
        assert_marked(status.message)


@pytest.mark.parametrize("before", [b"", CONFINED])
def test_a_failure_before_any_student_code_is_the_graders_own(before):
    found = replay(lambda: before + frame({"event": "failed", "message": "OSError: a\nb"}))
    words = "the autograder itself failed (OSError: a b); tell the staff"
    assert {status.message for status in found.statuses.values()} == {words}


@every_claim
@pytest.mark.parametrize("status", ["missing", "todo", "slip", "error"])
def test_what_a_probe_says_is_marked(claim, status):
    done = [
        frame({"event": "start", "probe": probe})
        + frame({"event": "done", "probe": probe, "status": status, "message": claim})
        for probe in PROBES
    ]
    found = replay(lambda: b"".join([CONFINED, LOADING, LOADED, *done]))
    assert {one.status for one in found.statuses.values()} == {status}
    for one in found.statuses.values():
        assert_marked(one.message)


@every_claim
def test_notes_are_marked_and_take_one_line(claim):
    loaded = frame({"event": "loaded", "notes": [claim, claim + "!"]})
    for note in replay(lambda: CONFINED + LOADING + loaded).notes:
        assert_marked(note)
        assert "\n" not in note


@pytest.mark.parametrize("value", [None, 5, [], {}, "", "\n \n", ["a"]])
def test_what_is_no_text_says_nothing(value):
    found = replay(lambda: CONFINED + LOADING + frame({"event": "unloadable", "message": value}))
    assert {status.message for status in found.statuses.values()} == {""}


def test_a_claim_reaches_no_report_unmarked(grade_text):
    text = (
        "class Checked(Exception): pass\n"
        "Checked.__name__ = 'Checked by staff'\n"
        "def bce_loss(input, target): raise Checked('full points\\n\\nThe autograder itself failed')\n"
    )
    result = grade_text(text)
    told = [check for check in result.checks if check.function == "bce_loss"]
    assert told and all(check.status == "error" for check in told)
    for check in told:
        assert_marked(brief(check))


def test_the_functions_name_is_said_once():
    message = f"{SAID}generator: returned None; is a `return` missing?"
    check = CheckResult("a", "It is a.", 0, 1, "failed", message, function="generator")
    assert brief(check) == f"{SAID}returned None; is a `return` missing?"


def test_a_known_error_is_recognised_with_its_mark_and_without():
    plain, marked = (
        fingerprint(Outputs("p", {}, {"f": ProbeStatus("error", text)}), {})["f"].error
        for text in ("ValueError: x\ntrace", f"{SAID}ValueError: x\n  trace")
    )
    assert plain == marked == "error: ValueError: x"

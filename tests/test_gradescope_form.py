"""Gradescope's results.json: what is written of a result, and that its form can be told from others."""

from __future__ import annotations

import json

import jsonschema
import pytest

from autograder.reports import gradescope
from autograder.results import CheckResult, Result
from tests.hosts import SCHEMA


def result(part="gan_pytorch", message="", status="failed"):
    checks = (
        CheckResult("a", "It is so.", 4, 4, "passed", visibility="public", function="f"),
        CheckResult("b", "It is <b>.", 0, 6, status, message, "m", "hidden", "g"),
    )
    return Result(part, "ana", 4.0, 10.0, checks, notes=("a note",), seconds=1.25)


def with_figure(measured):
    check = CheckResult("d", "Near.", 6, 6, "passed", figure="Distance", measured=measured)
    return Result("two", "ana", 6.0, 6.0, (check,))


@pytest.mark.parametrize("hidden", gradescope.CHOICES)
def test_all_see_the_total_of_others_only_when_each_sees_their_own(hidden):
    told = json.loads(gradescope.render([result(), with_figure(76.04)], hidden))
    jsonschema.validate(told, SCHEMA)
    distance = {"name": "Distance", "value": 76.0, "order": "asc"}
    score = {"name": "Score", "value": 10.0, "order": "desc"}
    assert told["leaderboard"] == ([score, distance] if hidden == "visible" else [distance])


@pytest.mark.parametrize("measured", [None, 1e300])
def test_who_learned_nothing_that_can_be_measured_comes_last(measured):
    told = json.loads(gradescope.render([with_figure(measured)]))
    assert told["leaderboard"][0]["value"] == gradescope.LAST


def test_what_is_not_finite_is_never_written():
    with pytest.raises(ValueError, match="not finite"):
        gradescope.render([with_figure(float("nan"))])


@pytest.mark.parametrize("hidden", gradescope.CHOICES)
def test_hidden_checks_are_seen_when_staff_say(hidden):
    told = json.loads(gradescope.render([result()], hidden))
    jsonschema.validate(told, SCHEMA)
    assert [test["visibility"] for test in told["tests"]] == ["visible", hidden]


def test_several_parts_are_numbered_by_part_and_tagged():
    told = json.loads(gradescope.render([result("one"), result("two")]))
    jsonschema.validate(told, SCHEMA)
    assert [test["number"] for test in told["tests"]] == ["1.1", "1.2", "2.1", "2.2"]
    assert told["tests"][2]["tags"] == ["two", "f"] and told["score"] == 8
    assert "one: a note" in told["output"]


def test_a_students_words_stay_words():
    message = "g: RuntimeError: <img src=x>\n  line <1>\n</pre><script>"
    told = json.loads(gradescope.render([result(message=message, status="error")]))
    output = told["tests"][1]["output"]
    assert "<img" not in output and "<script" not in output
    assert output.count("<pre>") == output.count("</pre>") == 1


@pytest.mark.parametrize(
    ("created", "due", "words"),
    [
        ("2026-03-01T12:00:00-08:00", "2026-03-01T12:00:00-08:00", None),
        ("2026-03-01T12:00:00-08:00", "2026-03-01T20:00:01+00:00", None),
        ("2026-03-01T12:00:00-08:00", "2026-03-01T19:59:00+00:00", "1 minute after"),
        ("2026-03-04T13:00:00+00:00", "2026-03-01T12:00:00+00:00", "3 days and 1 hour after"),
        ("2026-03-04T13:00:00+00:00", None, None),
    ],
)
def test_lateness_counts_from_the_written_times(created, due, words):
    said = gradescope.lateness({"created_at": created, "assignment": {"due_date": due}})
    assert (words is None and said == []) or (len(said) == 1 and words in said[0])


def user(due):
    return {"name": "Ada", "assignment": {"due_date": due, "late_due_date": None}}


@pytest.mark.parametrize(
    ("users", "late"),
    [
        ([user("2026-03-01T12:00:00+00:00")], True),
        ([user("2026-03-03T12:00:00+00:00")], False),
        ([user("2026-03-01T12:00:00+00:00"), user("2026-03-03T12:00:00+00:00")], False),
        ([user(None)], True),
        ([{"name": "Ada"}], True),
        ([{"name": "Ada", "assignment": None}, "odd", None], True),
        (None, True),
    ],
)
def test_a_students_extension_is_honoured(users, late):
    about = {"created_at": "2026-03-02T13:00:00+00:00", "users": users}
    about["assignment"] = {"due_date": "2026-03-01T12:00:00+00:00"}
    assert bool(gradescope.lateness(about)) is late


@pytest.mark.parametrize(
    "wrong",
    [
        {"tests": [{"name": "no score anywhere"}]},
        {"score": 1, "visibility": "always"},
        {"score": 1, "tests": [{"score": 1, "points": 2}]},
        {"score": 1, "leaderboard": [{"name": "loss"}]},
        {"score": 1, "leaderboard": [{"name": "loss", "value": None}]},
        {"score": 1, "leaderboard": [{"name": "loss", "value": 1, "order": "up"}]},
    ],
)
def test_the_schema_refuses_what_is_not_the_form(wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)

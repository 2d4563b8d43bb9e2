"""Messages as reports show them: a function's name once, and the same reason once."""

from __future__ import annotations

import pytest

from autograder.reports.messages import SAME, brief, said_by_all, said_once
from autograder.results import CheckResult


def check(message="", function="f", status="failed"):
    return CheckResult("c", "It is so.", 0.0, 1.0, status, message, function=function)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("f: still to do", "still to do"),
        ("still to do", "still to do"),
        ("g: f: still to do", "g: f: still to do"),
        ("f: f: twice", "f: twice"),
        ("f:without a space", "f:without a space"),
        ("", ""),
    ],
)
def test_a_message_goes_without_the_name_of_its_function(message, words):
    assert brief(check(message)) == words


def test_what_all_say_is_told_once_for_all():
    assert said_by_all([check("f: no", "f"), check("g: no", "g")]) == "no"
    assert said_by_all([check("f: no", "f")]) == "no"


def test_who_says_something_else_or_fared_otherwise_has_its_own_line():
    assert said_by_all([check("no"), check("never")]) == ""
    assert said_by_all([check("no"), check("no", status="error")]) == ""
    assert said_by_all([check("no"), check()]) == ""
    assert said_by_all([check(), check()]) == ""


def test_a_reason_that_repeats_the_last_one_is_not_told_again():
    checks = [check(text) for text in ("f: no", "no", "", "no", "never", "no", "")]
    shown = list(said_once(checks))
    assert [one for one, _ in shown] == checks
    assert [text for _, text in shown] == ["no", SAME, "", SAME, "never", "no", ""]

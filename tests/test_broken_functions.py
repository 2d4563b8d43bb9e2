"""A function that misbehaves costs its own checks alone, and its author is told what happened."""

from __future__ import annotations

import re
import textwrap

import pytest

from autograder.handins.submission import Submission
from tests.selection import sample

BEHAVIOURS = {  # what stands in the function instead of its solution -> the status of its checks
    "raises": ("values = {}\nreturn values['mean']", "error"),
    "returns None": ("loss = scores_fake.mean()", "failed"),
    "computes nothing": ("pass", "skipped"),
    "prints a flood": ("for _ in range(20000):\n    print('loss ' * 20)\nreturn None", "failed"),
    "leaves": ("import sys\nsys.exit(0)", "error"),
    "leaves at once": ("import os\nos._exit(0)", "error"),
    "never ends": ("while True:\n    pass", "error"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "error"),
    "recurses": ("return ls_generator_loss(scores_fake)", "error"),
}


def broken(source: str, function: str, body: str) -> str:
    """Put lines in place of all that a student writes of a function."""
    before, found, after = source.partition(f"def {function}(")
    region = re.compile(r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.DOTALL)
    return before + found + region.sub(lambda m: textwrap.indent(body, m[1]), after, count=1)


@pytest.mark.parametrize("behaviour", sample(BEHAVIOURS, every=3))
def test_it_costs_its_own_checks_alone(behaviour, grade_text, solution_text):
    body, status = BEHAVIOURS[behaviour]
    result = grade_text(broken(solution_text, "ls_generator_loss", body))
    lost = [check for check in result.checks if check.status != "passed"]
    assert {check.function for check in lost} == {"ls_generator_loss"}
    assert {check.status for check in lost} == {status}
    assert result.score == 100 - sum(check.max_score for check in lost)
    assert all(check.message for check in lost)


def message(result, function="ls_generator_loss"):
    return next(c.message for c in result.checks if c.function == function and c.message)


def test_a_traceback_has_the_students_own_lines(grade_text, solution_text):
    text = broken(solution_text, "ls_generator_loss", "values = {}\nreturn values['mean']")
    number = text.splitlines().index("    return values['mean']") + 1
    said = message(grade_text(text))
    assert "KeyError: 'mean'" in said
    assert f"gan_pytorch.py, line {number}, in ls_generator_loss" in said
    assert "return values['mean']" in said
    assert "probes" not in said and "site-packages" not in said


def test_an_endless_loop_is_called_one(grader, part, solution_text):
    text = broken(solution_text, "bce_loss", "while True:\n    pass")
    submission = Submission("s", "gan_pytorch.py", {"gan_pytorch.py": text.encode()})
    result, _ = grader.grade(submission, part, probes=["bce_loss"])  # others call it, too
    assert "endless loop" in message(result, "bce_loss")


def test_none_is_called_a_missing_return(grade_text, solution_text):
    text = broken(solution_text, "generator_loss", "loss = logits_fake.mean()\nreturn None")
    assert "returns nothing" in message(grade_text(text), "generator_loss")


def test_a_crash_is_told_in_words(grade_text, solution_text):
    body = "import ctypes\nctypes.string_at(0)"
    assert "segmentation fault" in message(
        grade_text(broken(solution_text, "generator", body)), "generator"
    )


def test_a_function_that_is_not_there_costs_its_own_checks_alone(grade_text, solution_text):
    result = grade_text(solution_text.replace("def get_optimizer(", "def get_optimiser("))
    assert {c.function for c in result.checks if c.score == 0} == {"get_optimizer"}
    assert "get_optimizer" in message(result, "get_optimizer")


def test_a_wrong_bce_loss_costs_the_losses_that_call_it_nothing(grade_text, solution_text):
    result = grade_text(broken(solution_text, "bce_loss", "return (input - target).sum()"))
    assert {c.function for c in result.checks if c.score == 0} == {"bce_loss"}


def test_a_failing_line_at_the_bottom_costs_nothing(grade_text, solution_text):
    result = grade_text(solution_text + "\n\ndata = open('MNIST_data/train.bin').read()\n")
    assert result.score == 100
    assert any("bottom" in note or "whole file" in note or "what" in note for note in result.notes)


@pytest.mark.exhaustive(reason="3 s: a time limit")
def test_training_at_the_bottom_that_never_ends_costs_nothing(grade_text, solution_text):
    result = grade_text(solution_text + "\n\nwhile True:\n    pass\n")
    assert result.score == 100
    assert any("took longer" in note for note in result.notes)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"def f(:\n", b"", b"\xff\xfe\xfa"])
def test_a_file_that_is_no_program_earns_nothing_and_says_why(data, grade_text):
    result = grade_text(data)
    assert result.score == 0
    assert all(check.message for check in result.checks)

"""Numbers and sizes that are in no list are found by fits; held-out mistakes are measured honestly."""

from __future__ import annotations

import ast
import time

import numpy as np
import pytest
import torch

from autograder.judging.scoring import Judge
from autograder.judging.shown import shown, shown_right
from autograder.mistake import function_in
from autograder.operators.edits import Edit
from autograder.operators.slots import slots, told
from autograder.parts import get
from autograder.search.fitting import Fitting
from autograder.search.sizes import resized, sizes
from autograder.search.trying import Candidate, Tries
from autograder.staff.held_out import interval
from autograder.staff.styles import STYLES, restyled
from autograder.staff.witness import shows_the_same, witness

PART = get("gan_pytorch")
SOURCE = PART.solution.read_text(encoding="utf-8")
LONG = pytest.mark.exhaustive(reason="fits a network or an optimizer; a loss is fitted always")


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


@pytest.fixture(scope="module")
def tries(grader, tmp_path_factory):
    return Tries(PART, (), lambda: grader.workers, tmp_path_factory.mktemp("edits"))


def changed(function, old, new, times=1):
    head, quotes, body = function_in(SOURCE, function).rpartition('"""')
    assert old in body
    return Candidate(Edit("written", "", {}), "", head + quotes + body.replace(old, new, times))


def fit(tries, judge, function, wrong):
    outputs = tries.outputs(function, wrong)
    right = shown_right(PART, function, judge.answers)
    seen = shown(PART, function, outputs)
    return Fitting(tries, function, seen, right, time.monotonic() + 30), outputs


# --- numbers --------------------------------------------------------------------------------------


def test_a_function_has_a_slot_for_each_number_that_it_holds_or_leaves_out():
    of_loss = [slot.right for slot in slots(function_in(SOURCE, "ls_generator_loss"))]
    assert 0.5 in of_loss and 1.0 in of_loss
    of_optimizer = [slot.right for slot in slots(function_in(SOURCE, "get_optimizer"))]
    for number in (1e-3, 0.5, 0.999):
        assert number in of_optimizer
    assert 1e-8 in of_optimizer  # epsilon, which is left out, is as PyTorch has it


@pytest.mark.parametrize(
    ("value", "about", "text"), [(0.3, False, "0.3"), (2.0, False, "2"), (0.35, True, "about 0.35")]
)
def test_a_number_is_told_as_a_student_types_it(value, about, text):
    assert told(value, about) == text


@pytest.mark.parametrize(
    ("function", "old", "new", "number"),
    [
        ("ls_generator_loss", "0.5", "0.35", "0.35"),
        pytest.param("get_optimizer", "1e-3", "3e-4", "0.0003", marks=LONG),
        pytest.param("get_optimizer", "0.5, 0.999", "0.7, 0.999", "0.7", marks=LONG),
        pytest.param("discriminator", "LeakyReLU(0.01)", "LeakyReLU(0.3)", "0.3", marks=LONG),
    ],
)
def test_another_number_is_found_and_told(function, old, new, number, tries, judge):
    fitting, _ = fit(tries, judge, function, changed(function, old, new))
    found = fitting.one()
    assert found is not None and number in found.candidate.says


@LONG
def test_two_other_numbers_are_found_together(tries, judge):
    wrong = changed("get_optimizer", "1e-3, betas=(0.5, 0.999)", "2e-3, betas=(0.6, 0.999)")
    fitting, _ = fit(tries, judge, "get_optimizer", wrong)
    assert fitting.one() is None
    found = fitting.two()
    assert found is not None
    assert "0.002" in found.candidate.says and "0.6" in found.candidate.says


def test_a_right_function_has_no_fit(tries, judge):
    right = changed("ls_generator_loss", "0.5", "1 / 2")
    fitting, _ = fit(tries, judge, "ls_generator_loss", right)
    assert fitting.one() is None and fitting.two() is None


def test_what_no_number_explains_is_not_fitted(tries, judge):
    wrong = changed("ls_generator_loss", ".mean()", ".median()")
    fitting, _ = fit(tries, judge, "ls_generator_loss", wrong)
    assert fitting.one() is None


# --- sizes ----------------------------------------------------------------------------------------


@LONG
def test_another_width_is_found_from_the_shapes_of_the_students_weights(tries, judge):
    wrong = changed("generator", "1024", "300", -1)
    _, outputs = fit(tries, judge, "generator", wrong)
    found = sizes(PART, "generator", outputs)
    assert found[0] == 300
    body = "300), nn.ReLU(), nn.Linear(300, 300), nn.ReLU(), nn.Linear(300, 784), nn.Tanh()"
    written = {"".join(one.source.split()) for one in resized(tries, "generator", found)}
    assert any("".join(body.split()) in source.replace(",)", ")") for source in written)


# --- what is held out -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"), [(8, 10, 0.490, 0.943), (0, 20, 0.0, 0.161), (0, 0, 0.0, 1.0)]
)
def test_the_interval_is_wilsons(hits, total, low, high):
    assert interval(hits, total) == pytest.approx((low, high), abs=1e-3)


@pytest.mark.parametrize("style", STYLES)
def test_a_function_in_another_style_is_another_text_and_computes_the_same(style):
    """Of the losses and networks at least one can be written in each style."""
    written = 0
    for function in ("ls_discriminator_loss", "discriminator"):
        source = restyled(SOURCE, function, style)
        if source is None:
            continue
        written += 1
        assert ast.unparse(ast.parse(source)) != ast.unparse(ast.parse(SOURCE))
        for one, other in zip(asked(SOURCE, function), asked(source, function), strict=True):
            assert np.allclose(one, other)
    assert written


def asked(source, function):
    """Run a function of a module and return what it computes, as numbers."""
    module: dict = {"__name__": "module"}
    exec(compile(source, "module", "exec"), module)  # noqa: S102 (the solution's own source)
    torch.manual_seed(1)
    real, fake = torch.randn(2, 8, 1)
    if function == "discriminator":
        return [module[function]()(torch.randn(8, 1, 28, 28)).detach().numpy()]
    return [module[function](real, fake).numpy()]


def test_inputs_that_no_search_has_seen_decide_whether_an_explanation_is_true(grader):
    function = "ls_generator_loss"
    half = changed(function, "0.5 * ", "0.25 * ")
    quarter = changed(function, "0.5 * ", "1 / 4 * ")
    summed = changed(function, ".mean()", ".sum()")
    with witness(PART, grader.workers) as second:
        assert shows_the_same(second, function, half, quarter)
        assert not shows_the_same(second, function, half, summed)

"""Lines that stand in the wrong place, or that compile nowhere: each costs its own function alone."""

from __future__ import annotations

import json

import pytest

from autograder.staff.unlisted import Unlisted, put_in
from tests.asking import PART

SOLUTION = PART.solution.read_text()
HEAD = "def generator_loss(logits_fake):\n"
ONES = "    ones = torch.ones_like(logits_fake)\n"
RIGHT = HEAD + "    return bce_loss(logits_fake, torch.ones_like(logits_fake))\n"


def placed(source, function="generator_loss"):
    """Return the solution with other lines in place of a function."""
    return put_in(Unlisted(function, function, "", frozenset(), source), SOLUTION)


@pytest.fixture
def graded(grade_text):
    """Grade a text in place of `generator_loss`; return what the student reads, and what is lost."""

    def grade(source, function="generator_loss"):
        result = grade_text(placed(source, function))
        lost = [check for check in result.checks if check.score < check.max_score]
        functions = {check.function for check in lost}
        return "\n".join([*result.notes, *(c.message for c in lost)]), functions, lost

    return grade


COMPILES_NOWHERE = {
    "break": (HEAD + "    break\n", "'break' outside loop"),
    "continue": (HEAD + ONES + "    continue\n", "'continue' not properly in loop"),
    "an argument twice": (HEAD.replace("fake", "fake, logits_fake") + ONES, "duplicate argument"),
    "await": (HEAD + "    return await bce_loss(logits_fake)\n", "outside async function"),
    "assigned before global": (
        HEAD + "    loss = logits_fake.mean()\n    global loss\n",
        "assigned to before global declaration",
    ),
}


@pytest.mark.parametrize("source, words", COMPILES_NOWHERE.values(), ids=COMPILES_NOWHERE)
def test_a_function_that_does_not_compile_is_an_error_with_its_line(source, words, graded):
    told, functions, lost = graded(source)
    assert functions == {"generator_loss"}
    assert all(check.status == "error" for check in lost)
    assert words in told and "SyntaxError" in told and "is not Python" in told
    assert told.count("is not Python") == 1


@pytest.mark.parametrize(
    "line", ["nonlocal x", "from __future__ import annotations", "return", "yield 1"]
)
def test_a_line_that_does_not_compile_costs_no_function(line, graded):
    told, functions, _ = graded(f"{RIGHT}\n\n{line}\n")
    assert functions == set()
    assert "is not Python" in told and "what it defines was graded" in told


OUTDENTED = {
    "a return": ("    loss = bce_loss(logits_fake, ones)\nreturn loss\n", "is not indented"),
    "the rest": ("loss = bce_loss(logits_fake, ones)\nprint(loss)\n", "knows `logits_fake`"),
    "a local name": ("print(ones)\n", "knows `ones`"),
}


@pytest.mark.parametrize("rest, words", OUTDENTED.values(), ids=OUTDENTED)
def test_a_line_that_lost_its_indentation_is_told_with_the_function_above_it(rest, words, graded):
    told, functions, _ = graded(HEAD + ONES + rest)
    assert functions == {"generator_loss"}
    assert words in told and "`generator_loss`" in told and "indent" in told


def test_a_name_that_nobody_knows_is_blamed_on_no_function(graded):
    told, functions, _ = graded(f"{RIGHT}\n\nmy_answer\n")
    assert functions == set() and "my_answer" in told and "indent" not in told


# --- still to do, or not ----------------------------------------------------------------------------

BLANK = {
    "a size": "    n = logits_fake.size(0)\n    loss = None\n    return loss\n",
    "shapes": "    n, d = logits_fake.shape\n    # TODO\n",
    "a length and a device": "    n, d = len(logits_fake), logits_fake.device\n    pass\n",
    "an argument": "    x = logits_fake\n    loss = None\n    return loss\n",
    "a count": "    n = int(logits_fake.size(dim=0)) * 2\n    loss = None\n    return loss\n",
    "a look": "    if logits_fake.dim() == 1:\n        raise NotImplementedError\n    pass\n",
    "tried": "    try:\n        loss = None\n    finally:\n        pass\n    return loss\n",
    "one of a shape": "    n = logits_fake.shape[0]\n    raise NotImplementedError\n",
}


@pytest.mark.parametrize("body", BLANK.values(), ids=BLANK)
def test_a_function_that_only_reads_sizes_is_still_to_do(body, graded):
    _, functions, lost = graded(HEAD + body)
    assert functions == {"generator_loss"}
    assert {check.message for check in lost} == {"generator_loss: still to do"}


LEFT = {
    "under a condition": HEAD
    + "    if logits_fake is not None:\n        raise NotImplementedError\n"
    + RIGHT.partition("\n")[2],
    "in the other branch": HEAD
    + "    if logits_fake.dim() == 1:\n    "
    + RIGHT.partition("\n")[2]
    + "    else:\n        raise NotImplementedError('column')\n",
    "at last": HEAD
    + "    try:\n        loss = bce_loss(logits_fake, torch.ones_like(logits_fake))\n"
    + "    finally:\n        raise NotImplementedError\n    return loss\n",
}


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_a_raise_under_a_condition_is_told_with_its_line(source, graded):
    told, functions, lost = graded(source)
    assert functions == {"generator_loss"}
    assert "still to do" not in told and "still raises it" in told and "delete it" in told
    assert all(check.status == "error" for check in lost)


def test_a_raise_that_is_never_reached_costs_nothing(graded):
    body = "    if logits_fake is None:\n        raise NotImplementedError\n"
    assert graded(HEAD + body + RIGHT.partition("\n")[2])[1] == set()


BUILT = {
    "a product": "    return logits_fake * 2\n",
    "a sum": "    loss = logits_fake + 1\n    return loss.mean()\n",
    "a number": "    loss = 0\n    return loss\n",
    "a size": "    return logits_fake.size(0)\n",
}


@pytest.mark.parametrize("body", BUILT.values(), ids=BUILT)
def test_a_function_that_computes_something_is_judged(body, graded):
    told, functions, _ = graded(HEAD + body)
    assert functions == {"generator_loss"} and "still to do" not in told


def test_a_notebook_with_a_merge_conflict_in_its_own_lines_says_so(grade_text):
    cells = [{"cell_type": "code", "source": RIGHT.splitlines(True)}]
    lines = json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}, indent=1).splitlines()
    lines[2:2] = ["<<<<<<< HEAD", "=======", ">>>>>>> main"]
    result = grade_text("\n".join(lines), "gan_pytorch.ipynb")
    assert result.score == 0
    assert "the markers of a merge conflict (line 3)" in result.checks[0].message


def test_a_name_that_its_module_does_not_have_is_told(graded):
    guarded = "try:\n    from torch.nn import Adversary\nexcept ImportError:\n    pass\n\n"
    told, functions, _ = graded(guarded + HEAD + "    return Adversary(logits_fake)\n")
    assert functions == {"generator_loss"}
    assert "its import failed: `torch.nn` has no `Adversary`" in told


# --- errors with something inside -------------------------------------------------------------------

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = {0}
    def forward(self, x):
        x = x.flatten(1)
        {1}

def discriminator(seed=None):
    return Net()
"""
KEPT = {
    "ModuleList": ("nn.ModuleList([nn.Linear(784, 256), nn.Linear(200, 1)])", "x"),
    "ModuleDict": (
        "nn.ModuleDict({'0': nn.Linear(784, 256), '1': nn.Linear(200, 1)})",
        "self.layers['1'](self.layers['0'](x))",
    ),
    "convolution": ("nn.ModuleList([nn.Identity(), nn.Conv2d(200, 1, 3)])", "x"),
}


@pytest.mark.parametrize("made, used", KEPT.values(), ids=KEPT)
def test_an_error_in_a_layer_outside_a_sequential_names_it(made, used, graded):
    used = f"return {used}" if used != "x" else "return self.layers[1](self.layers[0](x))"
    told, functions, _ = graded(NET.replace("{0}", made).replace("{1}", used), "discriminator")
    layer = "(in Conv2d(200, 1" if "Conv2d" in made else "(in Linear(in_features=200"
    assert functions == {"discriminator"} and layer in told and "in forward" in told


def test_what_an_exception_group_holds_is_told(graded):
    told, _, _ = graded(
        HEAD + "    raise ExceptionGroup('two', [ValueError('a'), TypeError('b')])\n"
    )
    assert "ExceptionGroup" in told or "NameError" in told  # Python 3.10 has none
    assert "NameError" in told or ("ValueError: a" in told and "TypeError: b" in told)


@pytest.mark.parametrize(
    "source, words",
    [
        ("generator_loss = 5\n", "is of type int in your file, and no function"),
        ("generator_loss = None\n", "is None in your file, and no function"),
        (HEAD + "    yield logits_fake.mean()\n", "as it has `yield`"),
        ("async " + RIGHT, "is an `async def`"),
    ],
)
def test_what_is_no_function_is_told_in_one_sentence(source, words, graded):
    told, functions, _ = graded(source)
    assert functions == {"generator_loss"} and words in told

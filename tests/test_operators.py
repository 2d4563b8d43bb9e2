"""An operator changes a function at a place; edits are found everywhere, and compose."""

from __future__ import annotations

import ast
import re

import pytest

from autograder.errors import SourceError
from autograder.operators.edits import Both, ClashError
from autograder.operators.everywhere import edits
from autograder.operators.operators import (
    after,
    argument,
    before,
    both,
    drop,
    exchange,
    move,
    swap,
    unwrap,
)
from autograder.operators.trees import read, write
from autograder.parts import PARTS

SOURCE = '''def train(net, x, seed=None):
    """Use LeakyReLU with slope 0.01."""
    net = nn.Sequential(nn.Linear(8, 4), nn.LeakyReLU(0.01), nn.Linear(4, 1))
    loss = 0.5 * net(x).mean() - 1
    trainer = torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.999))
    with torch.no_grad():
        net.zero_grad()
    loss.backward()
    for i in x:
        step(i)
    return loss
'''


def changed(operator, source=SOURCE):
    """Return the lines that an operator takes away, and those that it puts there."""
    tree = read(source)
    old, new = write(tree), write(operator.edit(tree).apply(tree))
    was, now = old.splitlines(), new.splitlines()
    return [x.strip() for x in was if x not in now], [x.strip() for x in now if x not in was]


@pytest.mark.parametrize(
    ("operator", "line"),
    [
        (swap("nn.LeakyReLU(...)", "nn.ReLU()"), "nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 1)"),
        (drop("nn.LeakyReLU(...)"), "Sequential(nn.Linear(8, 4), nn.Linear(4, 1))"),
        (swap("nn.Linear(4, 1)", "_, _"), "nn.Linear(4, 1), nn.Linear(4, 1))"),
        (before("last nn.Linear(...)", "nn.Tanh()"), "nn.Tanh(), nn.Linear(4, 1)"),
        (after("second nn.Linear(...)", "nn.Tanh(), nn.ELU()"), "1), nn.Tanh(), nn.ELU())"),
        (argument("every nn.Linear(...)", "bias=False"), "Linear(8, 4, bias=False), nn.Leaky"),
        (move("nn.LeakyReLU(0.01)", before="first nn.Linear(...)"), "(nn.LeakyReLU(0.01), nn.Lin"),
        (exchange("nn.Linear(8, 4)", "nn.Linear(4, 1)"), "Sequential(nn.Linear(4, 1), nn.Leaky"),
        (swap("every 4", "5"), "nn.Linear(8, 5), nn.LeakyReLU(0.01), nn.Linear(5, 1)"),
        (swap("first nn.Linear", "nn.Lazy"), "nn.Lazy(8, 4)"),
        (swap("lr=1e-3", "lr=1e-2"), "lr=0.01"),
        (swap("betas=...", "beta1=0.5, beta2=0.9"), "lr=0.001, beta1=0.5, beta2=0.9)"),
        (drop("lr=..."), "Adam(net.parameters(), betas=(0.5, 0.999))"),
        (argument("torch.optim.Adam(...)", "lr=1.0"), "betas=(0.5, 0.999), lr=1.0)"),
        (swap("torch.optim.Adam(...)", "SGD(..., momentum=0.1)"), "999), momentum=0.1)"),
        (drop("first 0.5"), "loss = net(x).mean() - 1"),
        (drop("0.5 * ..."), "loss = -1"),
        (swap("(...).mean()", "(...).sum()"), "loss = 0.5 * net(x).sum() - 1"),
        (unwrap("net(x).mean()"), "loss = 0.5 * net(x) - 1"),
        (swap("net(x)", "_.detach()"), "net(x).detach().mean()"),
        (swap("loss = ...", "if seed:\n    _"), "if seed:"),
        (swap("loss = ...", "loss = 3"), "loss = 3"),
        (before("net = ...", "torch.manual_seed(0)"), "torch.manual_seed(0)"),
        (both(swap("first 0.5", "2"), swap("net(x)", "-_")), "loss = 2 * (-net(x)).mean() - 1"),
        (drop("step(i)"), "pass"),
        (swap("for i in x: ...", "step(x)"), "step(x)"),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_an_operator_changes_a_place(operator, line):
    assert any(line in one for one in changed(operator)[1]), changed(operator)


def test_statements_are_dropped_moved_and_taken_out_of_a_block():
    assert changed(drop("loss.backward()")) == (["loss.backward()"], [])
    moved = write(move("loss.backward()", after="net = ...").edit(tree := read(SOURCE)).apply(tree))
    assert moved.index("loss.backward()") < moved.index("loss = ")
    assert changed(unwrap("with torch.no_grad(): ..."))[0][0] == "with torch.no_grad():"
    gone, _ = changed(drop("loss.backward()\nfor i in x: ..."))
    assert gone == ["loss.backward()", "for i in x:", "step(i)"]


@pytest.mark.parametrize(
    ("operator", "problem"),
    [
        (drop("nn.Tanh()"), "is not there"),
        (drop("fourth nn.Linear(...)"), "is not there"),
        (drop("nn.Linear(...)"), "is there 2 times; say which"),
        (drop("net("), "is not Python"),
        (swap("loss.backward()", "def"), "is not Python"),
        (drop("return loss.x"), "is not there"),
        (before("net(x).mean()", "y"), "nothing can stand beside it"),
        (drop("net(x).mean"), "cannot be left out"),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_a_place_that_is_not_there_or_unclear_is_an_error(operator, problem):
    with pytest.raises(SourceError, match=re.escape(problem)):
        changed(operator)


def test_edits_are_found_at_every_place_with_a_sentence_that_says_where():
    found = {edit.sentence: edit for edit in edits(SOURCE)}
    slope = "The activation is ReLU; the description asks for LeakyReLU with slope 0.01."
    assert "nn.Linear(8, 4), nn.ReLU()" in found[slope].source(SOURCE)
    for words in (
        "The LeakyReLU is missing.",
        "The second Linear has no bias.",
        "The argument lr of Adam is 0.0002, not what is asked for.",
        "Two values are in the wrong order.",
        "The optimizer is RMSprop.",
        "There is a sum where a mean is described.",
        "A factor of the formula is missing.",
        "The call of `backward` is missing.",
        "A value is detached: no gradient flows through it.",
    ):
        assert words in found, words


def test_two_edits_compose_in_any_order_and_exclude_each_other_at_one_place():
    found = {edit.sentence: edit for edit in edits(SOURCE)}
    bias, last = found["The second Linear has no bias."], found["The second Linear is missing."]
    other = found["The optimizer is RMSprop."]
    assert Both(bias, other).source(SOURCE) == Both(other, bias).source(SOURCE)
    assert Both(bias, other).sentence == "The second Linear has no bias. The optimizer is RMSprop."
    slope = "The activation is ReLU; the description asks for LeakyReLU with slope 0.01."
    with pytest.raises(ClashError):
        Both(found[slope], found["The LeakyReLU is missing."]).source(SOURCE)
    assert "bias=False" not in Both(bias, last).source(SOURCE)


def test_only_what_students_write_is_edited_and_named():
    marked = SOURCE.replace("    loss =", "    ### BEGIN SOLUTION\n    loss =").replace(
        "    trainer", "    ### END SOLUTION\n    trainer"
    )
    for edit in edits(marked):
        gone, _ = changed_by(edit, marked)
        assert len(gone) == 1 and gone[0].startswith("loss = "), edit.id


def changed_by(edit, source):
    return [x.strip() for x in write(read(source)).splitlines() if x not in edit.source(source)], ""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_edits_of_the_solutions_have_ids_and_true_words(part):
    text = part.solution.read_text()
    name = part.functions()[1]
    (source,) = re.findall(rf"^(?:def|class) {name}\(.*?(?=^\S|\Z)", text, re.M | re.S)
    region = "".join(re.findall(r"BEGIN SOLUTION\n(.*?)### END", source, re.S))
    lines = [line.strip().rstrip(",") for line in region.splitlines()]
    found = edits(source)
    assert len({edit.id for edit in found}) == len(found) > 10
    for edit in found:
        ast.parse(edit.source(source))
        assert edit.sentence[0].isupper() or edit.sentence[0] == "`", edit.sentence
        assert edit.sentence.endswith("."), edit.sentence
        assert not any(len(x) > 15 and x in edit.sentence for x in lines), edit.sentence


@pytest.mark.parametrize(
    ("operator", "sentence"),
    [
        (drop("second nn.LeakyReLU(...)"), "The second LeakyReLU is missing."),
        (swap("nn.Tanh()", "nn.Sigmoid()"), "Sigmoid stands where the Tanh belongs."),
        (swap("every nn.ReLU()", "nn.ELU()"), "ELU stands where every ReLU belongs."),
        (swap("lr=...", "lr=0.1"), "The argument lr is 0.1, not what is asked for."),
        (drop("trainer.zero_grad()"), "The call of `zero_grad` is missing."),
        (after("last nn.Linear(...)", "nn.Tanh()"), "Tanh stands after the last Linear."),
        (
            argument("nn.Linear(...)", "bias=False"),
            "The Linear gets bias=False, which is not asked for.",
        ),
        (swap("nn.MaxPool2d", "nn.AvgPool2d"), "AvgPool2d stands where the MaxPool2d belongs."),
        (swap("x - y", "x + y"), ""),
        (swap("net(x)", "_.detach()"), ""),
        (drop("loss = ..."), ""),
        (both(drop("nn.Tanh()"), drop("x")), ""),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_an_operator_knows_its_sentence(operator, sentence):
    assert operator.sentence == sentence

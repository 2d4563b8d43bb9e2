"""A loss is judged on the shapes that a course passes; what it does with others is a remark."""

from __future__ import annotations

import pytest

from autograder.judging.suite import Suite
from tests.asking import PART, asked, lost, names, told

BCE = {"bce_value", "bce_gradient", "bce_extreme"}
LOGITS = "F.binary_cross_entropy_with_logits"
FLAT_LABELS = """
def discriminator_loss(logits_real, logits_fake):
    yes, no = torch.ones(len(logits_real)), torch.zeros(len(logits_fake))
    return bce_loss(logits_real, yes) + bce_loss(logits_fake, no)
def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(len(logits_fake)))
"""


def bce(*lines):
    return "def bce_loss(input, target):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (bce(f"return {LOGITS}(input.squeeze(), target)"), "labels of shape (N,)"),
        (bce(f"return {LOGITS}(input.view(-1), target)"), "labels of shape (N,)"),
        (bce(f"return {LOGITS}(input[:, 0], target)"), "scores of shape (N, 1) and labels"),
        (bce(f"return {LOGITS}(input, target.unsqueeze(1))"), "scores of shape (N, 1) and labels"),
        (bce("(n,) = target.shape", f"return {LOGITS}(input.reshape(n), target)"), "shape (N,)"),
    ],
)
def test_a_cross_entropy_for_flat_labels_alone_keeps_its_points_and_gets_a_remark(
    source, words, grader
):
    functions = ("bce_loss", "discriminator_loss", "generator_loss")
    checks = asked(grader, source + FLAT_LABELS, *functions)
    assert lost(checks) == set()
    assert words in checks["bce_value"].message
    assert "training fails" not in checks["bce_value"].message


def test_a_remark_says_so_where_the_students_own_losses_pass_what_it_does_not_take(grader):
    checks = asked(grader, bce(f"return {LOGITS}(input.squeeze(), target)"), "bce_loss")
    assert lost(checks) == set()
    assert "Your discriminator_loss and generator_loss" in checks["bce_value"].message
    assert "training fails" in checks["bce_value"].message


def test_a_cross_entropy_that_works_for_no_course_loses_everything_and_the_homeworks_error_is_told(
    grader,
):
    checks = asked(
        grader, bce(f"return {LOGITS}(input.squeeze(), target[:2, None, None])"), "bce_loss"
    )
    assert lost(checks) == BCE
    assert "torch.Size([128])" in told(checks)
    assert names(checks) == set()


def test_a_wrong_cross_entropy_for_flat_labels_is_wrong_and_has_its_name(grader):
    source = bce(f"return {LOGITS}(input.squeeze(), target, reduction='sum')")
    checks = asked(grader, source + FLAT_LABELS, "bce_loss")
    assert lost(checks) == BCE
    assert names(checks) == {"bce-sum"}


@pytest.mark.parametrize(
    "line",
    [
        "return (F.softplus(input.squeeze()) - target * input.squeeze()).mean()",
        "return (F.softplus(input) - target.squeeze() * input).mean()",
        "return (F.softplus(input.view(-1)) - input.view(-1) * target.view(-1, 1)).mean()",
    ],
)
def test_a_cross_entropy_that_silently_makes_a_table_of_losses_stays_wrong(line, grader):
    checks = asked(grader, bce(line), "bce_loss")
    assert lost(checks) == BCE
    assert names(checks) == {"bce-broadcast"}


def test_a_cross_entropy_that_makes_a_table_of_flat_labels_only_is_right_as_ever(grader):
    checks = asked(grader, bce("return (F.softplus(input) - target * input).mean()"), "bce_loss")
    assert lost(checks) == set()
    assert told(checks).strip() == ""


def test_the_switch_makes_other_shapes_cost(grader, tmp_path):
    path = tmp_path / "test_strict.py"
    text = PART.suite.read_text()
    assert "OTHER_SHAPES_COST = False" in text
    path.write_text(text.replace("OTHER_SHAPES_COST = False", "OTHER_SHAPES_COST = True"))
    judge = grader._judges[PART.name]
    kept = judge.suite
    with Suite(path) as strict:
        judge.suite = strict
        try:
            source = bce(f"return {LOGITS}(input.squeeze(), target)")
            checks = asked(grader, source + FLAT_LABELS, "bce_loss")
        finally:
            judge.suite = kept
    assert lost(checks) == {"bce_value"}
    assert "not for scores and labels of shape (N, 1)" in told(checks)


@pytest.mark.parametrize("arguments", ["*, n=96", "n, seed=None, wide=1024", "n=96, *, seed=None"])
def test_arguments_may_have_other_names_and_be_asked_for_by_name(arguments, grader):
    layers = "nn.Linear(n, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 784)"
    source = f"def generator({arguments}):\n    return nn.Sequential({layers}, nn.Tanh())\n"
    assert lost(asked(grader, source, "generator")) == set()

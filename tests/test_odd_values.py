"""Odd values: what a function returned, and what to return, in one plain sentence."""

from __future__ import annotations

import pytest

from tests.selection import sample

ODD = {
    "NaN": ("x * float('nan')", "gives NaN"),
    "infinity": ("x + float('inf')", "gives infinity"),
    "complex numbers": ("torch.complex(x, x)", "returned complex numbers; expected real ones"),
    "half precision": ("x.half()", "half precision (torch.float16)"),
    "bfloat16": ("x.bfloat16()", "half precision (torch.bfloat16)"),
    "no gradient": ("x.detach()", "etached"),
    "a Python number": ("x.sum().item()", "a Python number"),
    "a NumPy array": ("x.detach().numpy()", "returned a NumPy value; return a tensor"),
    "a tuple": ("(x, x)", "returned a tuple; return one tensor"),
    "a list": ("[x]", "returned a list; return one tensor"),
    "integers": ("x.long()", "torch.int64; expected floating point"),
    "a sparse tensor": ("x.to_sparse()", "returned a sparse tensor; return an ordinary one"),
    "text": ("'x'", "returned str; expected a tensor"),
    "nothing": ("None", "return"),
    "not a tensor but a class": ("type(x)", "expected a tensor"),
}
LOSS = """
_right_loss = generator_loss
def generator_loss(scores_fake):
    x = _right_loss(scores_fake)
    return {}
"""
NETWORK = """
_right_network = discriminator
class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = _right_network()
    def forward(self, images):
        x = self.inner(images)
        return {}
def discriminator(*args, **kwargs):
    return Odd()
"""


def said(result, function):
    """Return the messages of a function's lost checks; each must be one plain sentence."""
    own = [c for c in result.checks if c.function == function and not c.withheld]
    lost = [c for c in own if c.status != "passed"]
    assert lost
    for check in lost:
        assert check.status == "failed"
        assert "\n" not in check.message and "tensor(" not in check.message
        assert len(check.message) < 250
    return [check.message for check in lost]


@pytest.mark.parametrize("kind", sample(ODD, every=5))
def test_a_loss_that_returns_it_is_told(kind, grade_text, solution_text):
    value, words = ODD[kind]
    result = grade_text(solution_text + LOSS.format(value))
    assert any(words in message for message in said(result, "generator_loss"))
    assert {c.function for c in result.checks if c.status != "passed"} == {"generator_loss"}


@pytest.mark.parametrize(
    "kind", sample([kind for kind in [*ODD][::-1] if kind != "no gradient"], every=5)
)
def test_a_network_that_returns_it_is_told(kind, grade_text, solution_text):
    value, words = ODD[kind]
    result = grade_text(solution_text + NETWORK.format(value))
    assert any(words in message for message in said(result, "discriminator"))


def test_double_precision_is_right(grade_text, solution_text):
    assert grade_text(solution_text + LOSS.format("x.double()")).score == 100


def test_a_loss_of_many_numbers_is_told_its_shape(grade_text, solution_text):
    result = grade_text(solution_text + LOSS.format("x.repeat(2)"))
    assert "expected one number, got a tensor of shape (2,)" in said(result, "generator_loss")[0]


def test_a_network_that_changes_the_minibatch_is_told_its_shape(grade_text, solution_text):
    result = grade_text(solution_text + NETWORK.format("x.repeat(2, 1)"))
    assert (
        "for a minibatch of 128 the network returned shape (256, 1)"
        in said(result, "discriminator")[0]
    )


def test_a_network_that_returns_one_number_is_told_its_shape(grade_text, solution_text):
    said_first = said(grade_text(solution_text + NETWORK.format("x.mean()")), "discriminator")[0]
    assert "for a minibatch of 128 the network returned shape ()" in said_first


def test_a_network_that_changes_its_images_is_told(grade_text, solution_text):
    network = NETWORK.replace("return {}", "images.zero_()\n        return x")
    said_first = said(grade_text(solution_text + network), "discriminator")[0]
    assert "changes a tensor in place" in said_first


def test_single_precision_that_is_rounded_in_between_is_not_called_detached(
    grade_text, solution_text
):
    """A value that is slightly wrong says nothing about the gradient."""
    result = grade_text(solution_text + LOSS.format("x.half().float()"))
    messages = said(result, "generator_loss")
    assert any("wrong value" in message for message in messages)
    assert not any("etached" in message or "gradient flows" in message for message in messages)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("scores_fake.mul_(2)", "changes a tensor in place that its gradient still needs"),
        ("scores_fake.data.clamp_(0)", "changes the scores that it is given"),
    ],
)
def test_a_change_in_place_is_told(change, words, grade_text, solution_text):
    result = grade_text(solution_text + LOSS.replace("return {}", f"{change}\n    return x"))
    assert any(words in message for message in said(result, "generator_loss"))

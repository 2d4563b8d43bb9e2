"""Which submissions resemble each other: by shape, where the shape is rare, and not what was given."""

from __future__ import annotations

import json

from autograder.handins.similarity import Pair, pairs, shapes
from autograder.handins.submission import Submission

LOSS = '''
def generator_loss(scores_fake):
    """What it says."""
    ones = torch.ones_like(scores_fake)
    loss = bce_loss(scores_fake, ones) * 1.0 + 0.0
    for _ in range(3):
        loss = loss + 0 * loss
    return loss
'''
RENAMED = """
def generator_loss(x):
    # the labels
    labels = torch.ones_like(x)

    value = (bce_loss(x, labels) * 1.0
             + 0.0)
    for step in range(3):
        value = value + 0 * value
    return value
"""
OPTIMIZER = """
def get_optimizer(model):
    rate, betas = 1e-3, (0.5, 0.999)
    chosen = [p for p in model.parameters() if p.requires_grad]
    return torch.optim.Adam(chosen, lr=rate, betas=betas)
"""


def submission(text, name="gan_pytorch.py"):
    return Submission("s", name, {name: text.encode()})


def test_names_docstrings_and_layout_make_no_difference():
    assert shapes(submission(LOSS)) == shapes(submission(RENAMED))
    assert "generator_loss" in shapes(submission(LOSS))


def test_another_computation_has_another_shape():
    changed = LOSS.replace("torch.ones_like", "torch.zeros_like")
    assert shapes(submission(LOSS)) != shapes(submission(changed))


def test_a_notebook_has_the_shapes_of_its_cells():
    cells = [{"cell_type": "code", "source": [line + "\n" for line in LOSS.splitlines()]}]
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": "x"}, *cells]})
    assert shapes(submission(text, "gan_pytorch.ipynb")) == shapes(submission(LOSS))


def test_what_is_no_python_has_no_shapes():
    for text in ("def (", "", "\0", "x = " + "(" * 5000, "1" * 400_000):
        assert shapes(submission(text)) == {}
    for notebook in ("[]", "{}", '{"worksheets": []}', '{"cells": [{"cell_type": "code"}]}'):
        assert shapes(submission(notebook, "gan_pytorch.ipynb")) == {}


def classwide(**students):
    return {name: shapes(submission(text)) for name, text in students.items()}


def test_two_rare_functions_in_common_make_a_pair():
    alike = pairs(classwide(ada=LOSS + OPTIMIZER, bob=LOSS + OPTIMIZER, eve="x = 1"), {})
    assert alike == [Pair("ada", "bob", ("generator_loss", "get_optimizer"))]


def test_one_function_in_common_says_nothing():
    assert pairs(classwide(ada=LOSS + OPTIMIZER, bob=LOSS), {}) == []


def test_what_many_wrote_alike_says_nothing():
    text = LOSS + OPTIMIZER
    assert pairs(classwide(ada=text, bob=text, eve=text, kim=text), {}) == []


def test_what_everybody_was_given_says_nothing():
    text = LOSS + OPTIMIZER
    assert pairs(classwide(ada=text, bob=text), shapes(submission(text))) == []

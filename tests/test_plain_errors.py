"""What a student reads of code that is not finished, not Python, or fails in a layer, is true."""

from __future__ import annotations

import pytest

from autograder.parts import get

PART = get("gan_pytorch")
SOURCE = PART.solution.read_text(encoding="utf-8")
HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
RIGHT = "    return ((scores_fake - 1) ** 2).mean() / 2\n"
DEFINITION = "def ls_generator_loss(scores_fake):\n"


@pytest.fixture
def told(grade_text):
    """Return status and message of a function's first check, for a file that begins with imports."""

    def ask(text, function="ls_generator_loss", name="gan_pytorch.py"):
        result = grade_text(HEAD + text, name)
        check = next(c for c in result.checks if c.function == function)
        return check.status, check.message

    return ask


# --- still to do ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "    pass\n",
        "    ...\n",
        '    """What it does."""\n',
        "    return\n",
        "    return None\n",
        "    loss = None\n    return loss\n",
        "    loss = None\n    # YOUR CODE HERE\n    pass\n    return loss\n",
        "    raise NotImplementedError\n",
        "    raise NotImplementedError('write it')\n",
        "    torch.manual_seed(1)\n    pass\n",
    ],
)
def test_a_function_that_computes_nothing_is_still_to_do(body, told):
    status, message = told(DEFINITION + body)
    assert status == "skipped"
    assert message.endswith("still to do")


@pytest.mark.parametrize(
    "body",
    [
        "    raise NotImplementedError\n" + RIGHT,
        "    loss = ((scores_fake - 1) ** 2).mean() / 2\n    raise NotImplementedError\n",
    ],
)
def test_a_line_of_the_stub_that_was_left_in_finished_code_is_told(body, told):
    status, message = told(DEFINITION + body)
    assert status == "error"
    assert "still raises it; delete that line" in message
    assert "raise NotImplementedError" in message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    return ((scores_fake - 1) ^ 2).mean() / 2\n", "bitwise_xor"),
        ("    return nn.Module()(scores_fake)\n", "forward"),
    ],
)
def test_what_pytorch_has_not_implemented_is_an_error_of_its_own(body, words, told):
    status, message = told(DEFINITION + body)
    assert status == "error"
    assert words in message
    assert "to do" not in message
    assert "delete" not in message


def test_a_line_that_is_never_reached_costs_nothing(told):
    assert told(DEFINITION + RIGHT + "    raise NotImplementedError\n")[0] == "passed"


# --- not Python -----------------------------------------------------------------------------------

CONFLICT = (
    DEFINITION
    + "<<<<<<< HEAD\n    loss = ((scores_fake - 1) ** 2).mean() / 2\n=======\n"
    + "    loss = (scores_fake - 1).pow(2).mean() / 2\n>>>>>>> other\n    return loss\n"
)
BCE = "    return F.binary_cross_entropy_with_logits(input, target)\n"
OTHER = "\n\ndef bce_loss(input, target):\n" + BCE


@pytest.mark.parametrize("below", [False, True])
def test_a_merge_conflict_is_told_and_costs_its_own_function_alone(below, told):
    text = OTHER + "\n\n" + CONFLICT if below else CONFLICT + OTHER
    status, message = told(text)
    line = (HEAD + text).splitlines().index("<<<<<<< HEAD") + 1
    assert status == "error"
    assert f"still holds the markers of a merge conflict (line {line})" in message
    assert told(text, "bce_loss")[0] == "passed"
    missing = told(text, "generator")[1]
    assert "conflict" not in missing


def test_a_conflict_between_functions_costs_no_function(grade_text):
    marked = "<<<<<<< HEAD\nRATE = 1\n=======\nRATE = 2\n>>>>>>> other\n"
    result = grade_text(marked + SOURCE)
    assert result.score == result.max_score
    assert any("merge conflict" in note for note in result.notes)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("    x = “1”\n", "“ (U+201C) is not a quotation mark of Python"),
        ("    x = scores_fake，1\n", "write ,"),
        ("    x\u00a0= 1\n", "a non-breaking space (U+00A0)"),
        ("    x = scores_fake – 1\n", "is a dash and not a minus sign"),
        ("    x = (1\n", "was never closed"),
    ],
)
def test_a_line_that_is_not_python_is_an_error_in_words_of_its_own(line, words, told):
    text = DEFINITION + line + RIGHT + OTHER
    status, message = told(text)
    assert status == "error"
    assert "SyntaxError" in message
    assert words in message
    assert told(text, "bce_loss")[0] == "passed"


@pytest.mark.parametrize("line", ["```python\n", "```\n", "Here is the corrected version:\n"])
def test_a_pasted_line_costs_itself_alone(line, told, grade_text):
    assert told(DEFINITION + line + RIGHT)[0] == "passed"
    assert told(line + DEFINITION + RIGHT + line)[0] == "passed"
    notes = grade_text(HEAD + DEFINITION + line + RIGHT).notes
    assert any("is not Python" in note for note in notes)


def test_a_definition_without_a_body_does_not_cost_the_next_function(told):
    text = DEFINITION + "    # to be written\n\n\n" + OTHER
    status, message = told(text)
    assert status == "error"
    assert "has no body" in message
    assert told(text, "bce_loss")[0] == "passed"


def test_a_function_that_is_right_elsewhere_is_not_replaced_by_a_broken_copy(told):
    assert told(DEFINITION + RIGHT + "\n\n" + DEFINITION + "    x = “1”\n")[0] == "passed"


# --- where an error arose ---------------------------------------------------------------------------


def test_an_error_in_a_layer_names_the_layer_and_the_line_that_makes_it(told):
    text = (
        "def discriminator(seed=None):\n    return nn.Sequential(\n        nn.Flatten(),\n"
        "        nn.Linear(784, 256),\n        nn.LeakyReLU(0.01),\n        nn.Linear(255, 256),\n"
        "        nn.LeakyReLU(0.01),\n        nn.Linear(256, 1),\n    )\n"
    )
    status, message = told(text, "discriminator")
    assert status == "error"
    assert "in layer 4 of the nn.Sequential: Linear(in_features=255" in message
    line = (HEAD + text).splitlines().index("        nn.Linear(255, 256),") + 1
    assert f"gan_pytorch.py, line {line}, in discriminator" in message
    assert "nn.Linear(255, 256)," in message


def test_where_it_is_not_certain_which_line_made_the_layer_the_function_is_named(told):
    text = (
        "def discriminator(seed=None):\n    layers = [nn.Flatten(), nn.Linear(784, 256)]\n"
        "    layers += [nn.Linear(255, 256) for _ in range(2)]\n"
        "    return nn.Sequential(*layers, nn.Linear(256, 1))\n"
    )
    _, message = told(text, "discriminator")
    line = HEAD.count("\n") + 1
    assert "in layer 3 of the nn.Sequential" in message
    assert f"gan_pytorch.py, line {line}, in discriminator" in message


def test_a_failed_import_stands_beside_the_name_that_it_left_undefined(told):
    text = "from torch.nn import NoSuchLayer\n\n\n" + DEFINITION + "    return NoSuchLayer()\n"
    _, message = told(text)
    assert "name 'NoSuchLayer' is not defined" in message
    assert "its import failed: ImportError: cannot import name 'NoSuchLayer'" in message

"""What is in a submitted file: its encoding, its syntax, and notebooks of every kind."""

from __future__ import annotations

import json

import pytest

from autograder.errors import SubmissionError
from autograder.handins.submission import find, find_in_files
from autograder.parts import PARTS


def test_a_syntax_error_is_reported_once_with_its_line(grade_text):
    result = grade_text(b"def f(:\n")
    assert result.score == 0
    messages = {check.message.removeprefix(f"{check.function}: ") for check in result.checks}
    where = "gan_pytorch.py, line 1: SyntaxError: invalid syntax"
    assert messages == {f"from your code: {where}\n    def f(:"}


@pytest.mark.parametrize("comment", [b"# caf\xe9\n", b"# \xed\xa0\x80\n", "# 注释\n".encode("gbk")])
def test_a_comment_that_is_not_utf_8_costs_nothing(comment, grade_text, solution_text):
    assert grade_text(comment + solution_text.encode()).score == 100


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("not json", "not a notebook"),
        ("[]", "not a notebook"),
        ("[" * 10_000, "not a notebook"),
        ('{"cells": 3}', "damaged"),
        ('{"cells": ["a"]}', "damaged"),
        ('{"cells": [{"cell_type": "code", "source": "x = 1', "damaged"),
        (json.dumps({"cells": [{"cell_type": "code", "source": 5}]}), "damaged"),
        ('{"cells": []}\xe9'.encode("latin-1"), "damaged"),
    ],
)
def test_what_is_no_notebook_earns_nothing_and_says_what_to_do(text, problem, grade_text):
    result = grade_text(text, "gan_pytorch.ipynb")
    assert result.score == 0
    messages = {check.message.removeprefix(f"{check.function}: ") for check in result.checks}
    again = "open it in Jupyter, save it, and hand it in again"
    assert messages == {f"from your code: the file is {problem}; {again}"}


@pytest.mark.parametrize("cells", [[], [{"cell_type": "markdown", "source": "def f(): pass"}]])
def test_a_notebook_without_code_defines_nothing(cells, grade_text):
    result = grade_text(json.dumps({"cells": cells}), "gan_pytorch.ipynb")
    assert result.score == 0
    for check in result.checks:
        assert check.message == f"from your code: `{check.function}` is not defined in your file"


def test_a_notebook_of_format_3_is_graded(grade_text, solution_text):
    cell = {"cell_type": "code", "input": solution_text.splitlines(keepends=True)}
    notebook = {"nbformat": 3, "worksheets": [{"cells": [cell]}]}
    assert grade_text(json.dumps(notebook), "gan_pytorch.ipynb").score == 100


def test_a_notebook_that_is_called_py_is_graded_with_a_note(grade_text, solution_text):
    cell = {"cell_type": "code", "source": solution_text, "outputs": [], "execution_count": None}
    result = grade_text(json.dumps({"cells": [cell]}, indent=1), "gan_pytorch.py")
    assert result.score == 100
    note = "the file is a notebook; its name should end in .ipynb"
    assert result.notes == (f"from your code: {note}",)


def test_a_byte_order_mark_costs_nothing(grade_text, solution_text):
    assert grade_text(b"\xef\xbb\xbf" + solution_text.encode()).score == 100


# --- notebooks that are handed out without functions ---------------------------------------------


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_notebook_as_it_was_handed_out_holds_no_function(part, tmp_path):
    notebook = part.stub.with_suffix(".ipynb").read_bytes()
    path = tmp_path / f"{part.name}.ipynb"
    path.write_bytes(notebook)
    for read in (
        lambda: find(path, part),
        lambda: find(tmp_path, part),
        lambda: find_in_files("ana", {path.name: notebook}, part, "ana"),
    ):
        with pytest.raises(SubmissionError, match=f"hand in the {part.name}.py that defines them"):
            read()
    (tmp_path / f"{part.name}.py").write_bytes(part.stub.read_bytes())
    for handed_in in (find(path, part), find(tmp_path, part)):
        assert handed_in.main == f"{part.name}.py"
        assert f"graded: {part.name}.py" in handed_in.notes[0]


@pytest.mark.parametrize(
    "line",
    [
        "def generator_loss(x): pass",
        "  class  generator_loss: pass",
        "generator_loss = lambda x: x",
        "bce_loss, generator_loss = a, b",
        "from mine import generator_loss",
        "from mine import *",
    ],
)
def test_a_notebook_with_one_function_counts(line, part, tmp_path):
    path = tmp_path / "gan_pytorch.ipynb"
    cell = {"cell_type": "code", "source": ["import torch\n", line]}
    path.write_text(json.dumps({"cells": [cell]}))
    assert find(path, part).main == "gan_pytorch.ipynb"
    cell["source"] = ["import gan_pytorch\n", "loss = gan_pytorch.generator_loss(x, n=3)"]
    path.write_text(json.dumps({"cells": [cell]}))
    with pytest.raises(SubmissionError, match="none of the functions"):
        find(path, part)

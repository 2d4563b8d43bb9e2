"""Predict, then run: the experiments, what is read of a hand-in, and the class's table."""

from __future__ import annotations

import importlib
import json
import re
import sys

import pytest

from autograder import parts
from autograder.batch.predictions import predictions_of
from autograder.batch.store import Store
from autograder.handins.predictions import predictions_in
from autograder.parts import ROOT
from autograder.reports import course, predictions
from autograder.reports.gradebook import Row
from autograder.reports.predictions import LETTERS, OUTCOMES

PART = parts.get("gan_pytorch")


@pytest.fixture(scope="module")
def ablations(one_thread):
    """Import the module as a notebook beside it does."""
    sys.path.insert(0, str(ROOT / "solutions"))
    yield importlib.import_module("ablations")
    sys.path.remove(str(ROOT / "solutions"))
    del sys.modules["ablations"]


def notebook(*sources, kind="code"):
    cells = [{"cell_type": kind, "source": [source]} for source in sources]
    return json.dumps({"cells": cells}).encode()


# --- the experiments ------------------------------------------------------------------------------


def test_each_experiment_is_asked_in_the_notebook_and_in_the_class_table(ablations):
    assert {n: e.title for n, e in ablations.EXPERIMENTS.items()} == {
        name: measured.title for name, measured in OUTCOMES.items()
    }
    assert {measured.answer for measured in OUTCOMES.values()} == {*LETTERS}
    for path in (PART.notebook(), PART.notebook("zh")):
        cells = {c["id"]: "".join(c["source"]) for c in json.loads(path.read_text())["cells"]}
        for name in OUTCOMES:
            text = cells[f"predict-{name}-text"]
            assert re.findall(r"^\((\w)\) ", text, re.MULTILINE) == [*LETTERS]
            assert cells[f"predict-{name}"].startswith(f'prediction_{name} = ""\n')
    assert predictions_in({"it.ipynb": PART.notebook().read_bytes()}) == {}


def test_nothing_is_played_before_a_prediction_or_under_a_grader(ablations, monkeypatch, capsys):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(ablations, "play", None)
    for none in ("", "d", "ab", None):
        assert ablations.run("beta1", none) == ""
        assert capsys.readouterr().out.startswith("predict first: set prediction_beta1 to ")
    with pytest.raises(ValueError, match="there is no experiment 'beta'"):
        ablations.run("beta", "a")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert ablations.run("beta1", "a") == ""
    assert capsys.readouterr().out == ""


def test_the_given_module_holds_no_line_that_students_have_to_find():
    regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END", PART.solution.read_text(), re.DOTALL)
    lines = {line.strip() for region in regions for line in region.splitlines()}
    text = (ROOT / "solutions" / "ablations.py").read_text()
    assert not [line for line in lines if len(line) > 24 and line in text]


@pytest.mark.exhaustive(reason="15 s: the small GAN plays as it is, and with three changes")
def test_the_answers_are_as_stored(ablations):
    base = ablations.play(ablations.Settings(), 7)
    assert base.digits == 10 and base.distance[-1] < 8
    for name in ("tanh", "constant", "swapped"):
        experiment = ablations.EXPERIMENTS[name]
        number, figures = experiment.judge(base, ablations.play(experiment.settings, 7))
        assert LETTERS[number] == OUTCOMES[name].answer, figures


def test_an_experiment_says_who_was_right_and_draws(ablations, monkeypatch, capsys):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    short = ablations.play
    monkeypatch.setattr(ablations, "play", lambda settings: short(settings, steps=2))
    figure = []
    draw = ablations.show
    monkeypatch.setattr(ablations, "show", lambda *what: figure.append(draw(*what)))
    right = ablations.run("constant", "B ")
    assert right == "c"  # one vector of noise is one image, from the first step on
    said = capsys.readouterr().out
    assert said.startswith("constant noise: c, you predicted b: the drawn images vary 0.00 times")
    assert ablations.EXPERIMENTS["constant"].why in said
    assert len(figure[0].axes) == 3


# --- reading --------------------------------------------------------------------------------------


def test_predictions_are_read_from_the_source_and_nothing_is_run():
    cells = (
        "%matplotlib inline\nraise SystemExit\nprediction_beta1 = 'A '",
        'if True:\n    prediction_tanh = "b"\n!ls',
        'prediction_norm = ""\nprediction_rate = 3\nprediction_swapped = "abc"',
        "this is no Python, prediction_latent = 'c'",
    )
    files = {"x.ipynb": notebook(*cells), "y.ipynb": b'{"cells": ["prediction_beta1"]}'}
    assert predictions_in(files) == {"beta1": "a", "tanh": "b"}
    assert predictions_in({"x.ipynb": notebook(*cells, kind="markdown")}) == {}
    assert predictions_in({"x.ipynb": b"prediction_", "z.py": b"prediction_rate = 'c'"}) == {
        "rate": "c"
    }


# --- the class's table ----------------------------------------------------------------------------


def test_the_table_counts_predictions_beside_what_was_measured():
    assert predictions.lines({}) == [] == predictions.lines({"ada": {"unknown": "a"}})
    first = predictions.lines({"ada": {"beta1": "a"}, "bo": {"beta1": "c", "rate": "b"}})[0]
    assert (first.right, first.predicted, [*first.counts.values()]) == (1, 2, [1, 0, 1])
    row = Row("ada", ())
    page = course.page([course.Graded(PART, [row], "x")], "", "", (), {"ada": {"beta1": "a"}})
    assert 'id="predictions"' in page and OUTCOMES["beta1"].figures in page
    assert 'id="predictions"' not in course.page([course.Graded(PART, [row], "x")], "files", "")


@pytest.mark.exhaustive(reason="6 s: a class of two is graded")
def test_the_pages_of_a_class_tell_what_it_predicted(autograder, tmp_path, warm):
    for name, letter in (("ada", "a"), ("bo", "")):
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        (folder / "gan_pytorch.py").write_bytes(PART.solution.read_bytes())
        released = PART.stub.with_suffix(".ipynb").read_text()
        (folder / "gan_pytorch.ipynb").write_text(
            released.replace('prediction_beta1 = \\"\\"', f'prediction_beta1 = \\"{letter}\\"')
        )
    done = autograder("grade-class", "class", "--output", "out", "--workers", 1, "--no-search")
    assert done.exit_code == 0, done.output
    assert predictions_of(Store(tmp_path / "out")) == {"ada": {"beta1": "a"}}
    assert 'id="predictions"' in (tmp_path / "out" / "index.html").read_text()

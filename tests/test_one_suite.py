"""A suite: collected once, it judges one submission's outputs after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from autograder.errors import SourceError
from autograder.judging.suite import Suite
from autograder.outputs import Outputs
from autograder.parts import ROOT
from tests.factories import an_output

SUITE = '''
import pytest
from autograder.compare import field, require

check = pytest.mark.check


@check(points=3, probe="loss", public=True)
def test_value(outputs, answers):
    """The value is right."""
    require(field(outputs, "value") == answers["value"], "loss: wrong value")


@check(points=2, probe="loss")
def test_sign(outputs, remark):
    """The value is positive."""
    require(field(outputs, "value") > 0, "loss: negative")
    remark("loss: well done")
'''


@pytest.fixture
def toy(tmp_path):
    """Write a suite and return a function that judges outputs by it."""

    def judge(output: Outputs, text: str = SUITE, public_only: bool = False):
        path = tmp_path / f"test_toy_{tmp_path.name}.py"  # modules are imported once by their name
        path.write_text(text)
        with Suite(path) as suite:
            return suite.judge(output, {"loss/value": np.array(1.0)}, public_only)

    return judge


def test_collecting_a_suite_looks_into_no_other_folder(part, monkeypatch):
    """A folder above it may be /tmp, where others come and go: pytest fails on one that vanishes."""
    looked, scandir = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path=".": looked.append(str(path)) or scandir(path))
    with Suite(part.suite) as suite:
        assert suite.checks
    assert set(looked) <= {str(part.suite.parent)}


def test_a_suite_judges_each_check_once(toy):
    verdicts = toy(an_output(-2.0))
    assert [(v.check.name, v.failure) for v in verdicts] == [
        ("value", "loss: wrong value"),
        ("sign", "loss: negative"),
    ]
    assert [v.check.points for v in verdicts] == [3, 2]


def test_only_public_checks_when_asked(toy):
    assert [v.check.name for v in toy(an_output(), public_only=True)] == ["value"]


def test_remarks_cost_nothing(toy):
    verdict = toy(an_output())[1]
    assert verdict.failure is None and verdict.remarks == ["loss: well done"]


MEASURES = """

@check(points=1, probe="loss"{})
def test_size(outputs, measured):
    \"""The value is small.\"""
    measured(field(outputs, "value"))
    require(field(outputs, "value") < 1, "loss: too large")
"""


def test_a_figure_is_measured_whether_the_check_passes_or_not(toy):
    text = SUITE + MEASURES.format(', figure="Size"')
    for value, kept in ((2.0, 2.0), (-2.0, -2.0), (np.nan, None), (np.inf, None)):
        last = toy(an_output(value), text)[-1]
        assert (last.check.figure, last.measured) == ("Size", kept)
    assert toy(an_output(status="error", message="raised"), text)[-1].measured is None


def test_a_suite_knows_what_a_check_read(toy):
    verdict = toy(an_output())[0]
    assert verdict.read == {"loss/value"} and verdict.answers_read == {"loss/value"}


def test_a_probe_without_arrays_blocks_its_checks(toy):
    verdicts = toy(an_output(status="error", message="ValueError: no"))
    assert all(v.blocked and v.failure == "ValueError: no" for v in verdicts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def test_x(:\n", "cannot be collected"),
        ("def test_x(outputs):\n    pass\n", "check"),
        (SUITE.replace('"""The value is right."""', "pass"), "docstring"),
        (SUITE + MEASURES.format(""), "size: figure=... in its mark and `measured` go together"),
        (SUITE.replace("points=2", "points=2, figure='Size'"), "go together"),
    ],
)
def test_a_broken_suite_is_an_error_that_names_it(toy, text, words):
    with pytest.raises(SourceError, match="test_toy") as caught:
        toy(an_output(), text)
    assert words in str(caught.value)


def test_a_bug_in_a_check_is_the_staffs_error_and_not_a_students_loss(toy):
    with pytest.raises(SourceError):
        toy(an_output(), SUITE.replace("> 0", "> None"))


@pytest.mark.parametrize("options", [(), ("-O",)], ids=["asserts", "no asserts"])
def test_a_suite_that_cannot_be_collected_is_an_error_without_asserts_too(tmp_path, options):
    """Else a submission would earn 0 of 0 where Python leaves out its asserts."""
    (tmp_path / "test_toy.py").write_text("def test_x(:\n")
    code = (
        "from pathlib import Path\n"
        "from autograder.errors import SourceError\n"
        "from autograder.judging.suite import Suite\n"
        "from autograder.outputs import Outputs\n"
        "with Suite(Path('test_toy.py')) as suite:\n"
        "    for ask in (lambda: suite.judge(Outputs('toy'), {}), lambda: suite.checks):\n"
        "        try:\n"
        "            print('judged:', ask())\n"
        "        except SourceError as problem:\n"
        "            print('refused:', problem)\n"
    )
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    told = done.stdout.splitlines()
    assert len(told) == 2, done.stdout + done.stderr
    assert all(line.startswith("refused: test_toy.py: cannot be collected") for line in told)


class Recording:
    """A lock that notes in which thread it is taken and given back."""

    def __init__(self):
        self._lock, self.calls = threading.Lock(), []

    def acquire(self):
        self._lock.acquire()
        self.calls.append(("taken", threading.get_ident()))

    def release(self):
        self.calls.append(("given back", threading.get_ident()))
        self._lock.release()

    def __enter__(self):
        self.acquire()

    def __exit__(self, *problem):
        self.release()


@pytest.mark.parametrize("text", [SUITE, "def test_x(:\n"], ids=["sound", "broken"])
def test_the_lock_for_parsing_is_given_back_where_it_was_taken(toy, text, monkeypatch):
    """By the suite's own thread: another one might find it taken by nobody who gives it back."""
    lock = Recording()
    monkeypatch.setattr("autograder.judging.suite.PARSING", lock)
    try:
        toy(an_output(), text)
    except SourceError:
        assert text is not SUITE
    assert [what for what, _ in lock.calls] == ["taken", "given back"]
    assert len({thread for _, thread in lock.calls}) == 1
    assert lock.calls[0][1] != threading.get_ident()

"""A suite runs as any pytest file does, when it is told which submission to judge."""

from __future__ import annotations

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from autograder.homework import VARIABLE
from autograder.mistake import Mistake, apply, swap
from autograder.parts import PARTS, ROOT
from autograder.staff.new_part import new_part

PART = PARTS[0]
SLIP = Mistake("slip", swap("(...).mean()", "(...).sum()"), "", "", "bce_loss")
MORE = pytest.mark.exhaustive(reason="3 s each: the quick run has the first of them")


def run(suite, *arguments, cwd=ROOT):
    line = [sys.executable, "-m", "pytest", str(suite), "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop(VARIABLE, None)
    done = subprocess.run(
        [*map(str, line)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=100
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def wrong(tmp_path, solution_text):
    path = tmp_path / "ben.py"  # of any name
    path.write_text(apply(SLIP, solution_text))
    return path


def test_each_check_is_a_test_of_pytest(wrong, tmp_path):
    """With -k only what is chosen, with -x up to the first failure, and all of it in the XML."""
    xml = tmp_path / "checks.xml"
    code, told = run(
        PART.suite, "--submission", wrong, "-k", "noise or bce", "-x", "-n", 0, "--junitxml", xml
    )
    assert code == 1
    assert "The loss is a sum over the minibatch. Average over it instead." in told
    assert "1 failed, 3 passed, 25 deselected" in told and "\n10 of 13 points\n" in told
    assert "Error" not in told and "Traceback" not in told
    cases = {case.get("name"): case for case in ElementTree.parse(xml).iter("testcase")}
    assert [*cases] == [
        *("test_noise_range", "test_noise_uniform", "test_noise_fresh", "test_bce_value")
    ]
    (failure,) = cases["test_bce_value"].iter("failure")
    assert "averaged over the minibatch" in str(failure.text)
    for name, earned in (("test_noise_range", "3.0"), ("test_bce_value", "0.0")):
        told_of = {one.get("name"): one.get("value") for one in cases[name].iter("property")}
        assert told_of == {"points": earned, "max_points": "3.0"}


@MORE
def test_a_right_submission_passes_side_by_side_from_another_folder(tmp_path):
    """As from an editor: with two processes, and rootdir and options of its own."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers -W error\n")
    code, told = run(
        *(PART.suite, "-c", tmp_path / "pytest.ini", "-n", 2, "--submission", PART.solution),
        cwd=tmp_path,
    )
    assert code == 0 and "31 passed" in told and "\n100 of 100 points\n" in told, told


@MORE
def test_a_stub_fails_and_a_file_of_another_part_is_told(tmp_path):
    code, told = run(PART.suite, "--submission", PART.stub, "-n", 0)
    assert code == 1 and "31 failed" in told and "sample_noise: still to do" in told
    assert "\n0 of 100 points\n" in told
    code, told = run(PART.suite, "--submission", PARTS[1].solution, "-n", 0, "-x")
    assert code == 1 and "gaussian_gan" in told and "Traceback" not in told


@MORE
def test_without_a_submission_every_check_is_skipped_and_says_why():
    code, told = run(PART.suite, "-n", 0, "-rs")
    assert code == 0 and "31 skipped" in told
    assert "a check of a submission: name it by --submission FILE" in " ".join(told.split())
    code, told = run(PART.suite, "-n", 0, "--submission", "nobody.py")
    assert code == 4 and "--submission nobody.py: no such file" in told


def test_a_courses_own_folder_gets_what_its_suites_need_once(tmp_path, monkeypatch):
    """That it works is seen where the page about new parts is followed."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for name in ("wine", "cheese"):
        new_part(name, ["cut"], languages=())
    files = sorted(path.name for path in (tmp_path / "suites").glob("*.py"))
    assert files == ["conftest.py", "test_cheese.py", "test_wine.py"]

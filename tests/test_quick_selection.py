"""The quick run has a case of every test, and with `--exhaustive-only` all of them run once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict

import pytest

from autograder.parts import ROOT
from tests.selection import ALL, reasons, sample

CONFTEST = """
from tests.selection import (
    pytest_addoption, pytest_collection_modifyitems, pytest_sessionfinish,
    pytest_terminal_summary, pytest_testnodedown,
)
"""
INI = """[pytest]
addopts = --strict-markers -p no:cacheprovider
markers = exhaustive(reason): long
"""
TESTS = """
import pytest
from tests.selection import sample

@pytest.mark.parametrize("number", sample(range(5), every=2))
def test_number(number): pass

@pytest.mark.exhaustive(reason="takes a minute")
def test_long(): pass
"""
QUICK = {"test_number[0]", "test_number[2]", "test_number[4]"}
REST = {"test_number[1]", "test_number[3]", "test_long"}


# --- this project's tests -----------------------------------------------------------------------


@pytest.fixture
def collected(request):
    """Return what pytest collected, before anything was left out."""
    return request.config.stash[ALL]


def test_what_is_left_out_says_why(collected):
    for item in collected:
        for reason in reasons(item):
            assert len(reason) > 10, f"{item.nodeid}: @pytest.mark.exhaustive(reason=...)"


def test_every_file_has_a_test_in_the_quick_run(collected):
    quick = {item.path for item in collected if not reasons(item)}
    assert {item.path for item in collected} == quick


def test_every_test_has_a_case_in_the_quick_run_or_is_long_by_itself(collected):
    """A mark on a function is somebody's choice; one on all of its cases would be an accident."""
    cases = defaultdict(list)
    for item in collected:
        cases[item.nodeid.partition("[")[0]].append(item)
    for name, items in cases.items():
        chosen = any(mark.name == "exhaustive" for mark in getattr(items[0].obj, "pytestmark", []))
        assert chosen or not all(reasons(item) for item in items), name


# --- the mechanism ------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path):
    """Run pytest on a few tests; return the names of those that ran, and what was printed."""
    for name, text in {"conftest": CONFTEST, "test_few": TESTS}.items():
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "pytest.ini").write_text(INI)

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", "-p", "xdist", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        lines = [line for line in done.stdout.splitlines() if "PASSED" in line]
        names = [line.partition("::")[2].split()[0] for line in lines]
        assert len(names) == len(set(names))
        return set(names), done.stdout

    return run


TOLD = "quick run: 3 tests left out; all of them: pytest --exhaustive"


def test_a_quick_run_leaves_out_what_is_marked_and_tells_how_much(run):
    ran, said = run("-n2")
    assert ran == QUICK
    assert TOLD in said.splitlines()


def test_both_runs_of_ci_together_are_all_tests_once(run):
    ran, said = run("--exhaustive-only")
    assert ran == REST and "left out" not in said
    ran, said = run("--exhaustive")
    assert ran == QUICK | REST and "left out" not in said


@pytest.mark.parametrize("words", [("-n2",), ()], ids=["two processes", "one"])
def test_a_test_that_is_named_runs_whatever_its_mark(run, words):
    ran, _ = run(*words, "test_few.py::test_long", "test_few.py::test_number[3]")
    assert ran == {"test_long", "test_number[3]"}


def test_a_file_or_a_function_that_is_named_runs_whole(run):
    ran, _ = run("test_few.py::test_number")
    assert ran == {name for name in QUICK | REST if "number" in name}
    ran, _ = run("test_few.py")
    assert ran == QUICK | REST


def test_a_sample_has_some_of_each_kind():
    values = [*(("a", n) for n in range(7)), *(("b", n) for n in range(2))]
    chosen = [one.values for one in sample(values, 3, kind=lambda it: it[0]) if not one.marks]
    assert chosen == [("a", 0), ("a", 3), ("a", 6), ("b", 0)]

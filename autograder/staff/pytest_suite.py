"""A part's suite as ordinary tests of one submission: `pytest SUITE --submission FILE`.

The submission is run once, in a worker, as `autograder grade` runs it; then every test that pytest
selects is one check of it. So `-k`, `-x`, `--junitxml` and all other options mean what they usually
mean. A failure shows the message that the student reads, which prints no answer. The `conftest.py`
beside the suites hands these hooks to pytest; the grader itself collects suites without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from autograder import homework, parts
from autograder.errors import AutograderError, SourceError
from autograder.grading import grade
from autograder.parts import PACKAGE, Part
from autograder.results import CheckResult

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_pyfunc_call",
    "pytest_terminal_summary",
]

OPTION = "--submission"
GIVEN = ("outputs", "answers", "reference", "remark", "measured", "suspect")
Checks = dict[str, CheckResult]
GRADED = pytest.StashKey[dict[Path, Checks | str]]()  # by suite; a text says why there are none


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the submission."""
    group = parser.getgroup("autograder", "checks of one submission")
    group.addoption(OPTION, metavar="FILE", help="a .py, a notebook, a folder or a zip to grade")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of checks; raise UsageError if there is no such submission."""
    config.addinivalue_line("markers", "check(points, probe, ...): a graded check of a submission")
    named = config.getoption(OPTION, None)
    if named and not Path(named).exists():
        raise pytest.UsageError(f"{OPTION} {named}: no such file")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Stand in for the arguments of checks, which get them when the submission is judged."""
    for name in GIVEN:
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, [None], ids=[pytest.HIDDEN_PARAM])


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Pass or fail as the check does; skip if no submission is named."""
    named = pyfuncitem.config.getoption(OPTION, None)
    if not named:
        pytest.skip(f"a check of a submission: name it by {OPTION} FILE")
    graded = pyfuncitem.config.stash.setdefault(GRADED, {})
    if pyfuncitem.path not in graded:
        graded[pyfuncitem.path] = _grade(Path(named), pyfuncitem)
    checks = graded[pyfuncitem.path]
    if isinstance(checks, str):
        pytest.fail(checks, pytrace=False)
    check = checks[pyfuncitem.name.removeprefix("test_")]
    pyfuncitem.user_properties += [("points", check.score), ("max_points", check.max_score)]
    if check.status != "passed":
        pytest.fail(f"{check.title}\n{check.message}", pytrace=False)
    return True


def _grade(submission: Path, item: pytest.Function) -> Checks | str:
    """Grade the functions whose checks are selected; return the checks, or why there are none."""
    tests = (other for other in item.session.items if other.path == item.path)
    marks = (mark for test in tests for mark in test.iter_markers("check"))
    functions = {str(mark.kwargs["probe"]) for mark in marks}
    try:
        (graded,) = grade(submission, [_part_of(item.path)], functions=functions)
    except AutograderError as problem:
        return str(problem)
    return {check.name: check for check in graded.result.checks}


def _part_of(suite: Path) -> Part:
    """Return the part that a suite judges; its folder may be a course's own homework."""
    if suite.parent.parent != PACKAGE:
        os.environ.setdefault(homework.VARIABLE, str(suite.parent.parent))
    for part in parts.known():
        if part.suite == suite:
            return part
    raise SourceError(f"{suite}: is the suite of no part")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many of the selected checks' points were earned."""
    stats = terminalreporter.stats
    points, whole = _points([*stats.get("passed", []), *stats.get("failed", [])])
    if whole:
        terminalreporter.write_line(f"{points:g} of {whole:g} points")


def _points(reports: Iterable[pytest.TestReport]) -> tuple[float, float]:
    """Return the points that checks earned, and those that there were."""
    points = whole = 0.0
    for report in reports:
        told = dict(report.user_properties)
        points += float(str(told.get("points", 0.0)))
        whole += float(str(told.get("max_points", 0.0)))
    return points, whole

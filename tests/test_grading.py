"""The one call, `autograder.grade`: its examples, its options, and what it raises."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys

import pytest

import autograder as package
from autograder import grading, parts
from autograder.errors import SandboxError, SourceError, SubmissionError
from autograder.grading import Graded, grade
from autograder.outputs import Outputs
from autograder.parts import PARTS, ROOT
from autograder.running import runner
from tests.selection import sample

PART = parts.get("gan_pytorch")


# --- examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "module", sample([package, grading], every=2), ids=lambda module: module.__name__
)
def test_the_examples_of_a_docstring_are_true(module, warm, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = doctest.testmod(module)
    assert done.attempted >= 2 and done.failed == 0


def test_the_examples_of_the_page_are_true(warm, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False)
    assert done.attempted >= 2 and done.failed == 0


def test_importing_the_package_imports_nothing_that_takes_time():
    """Everybody who imports the package pays for it, workers too."""
    code = (
        "import sys, autograder\n"
        "late = {'numpy', 'torch', 'pytest', 'jinja2', 'click', 'rich'}\n"
        "print(sorted(late & {*sys.modules}), autograder.__version__)\n"
        "print(autograder.grade.__module__, autograder.Graded.__name__)\n"
        "print('numpy' in sys.modules, 'torch' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        f"[] {package.__version__}",
        "autograder.grading Graded",
        "True False",
    ], done.stderr


def test_what_the_package_does_not_have_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        package.grades  # noqa: B018


# --- options ------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(tmp_path):
    """Return a folder with the solution of one part, and nothing of the others."""
    (tmp_path / "gan_pytorch.py").write_bytes(PART.solution.read_bytes())
    return tmp_path


def test_a_grader_that_is_open_is_used_and_stays_open(handed_in, grader, monkeypatch):
    monkeypatch.setattr(grading, "Grader", None)  # no other one is opened
    for _ in range(2):
        [graded] = grade(handed_in, grader=grader)
        assert isinstance(graded, Graded) and graded.part is PART
        assert graded.result.score == 100 and graded.outputs.part == PART.name


def test_functions_that_are_asked_alone_are_run_alone(handed_in, grader):
    [graded] = grade(handed_in, functions=["bce_loss", "generator_loss"], grader=grader)
    assert {*graded.outputs.statuses} == {*PART.probes_of("bce_loss", "generator_loss")}
    passed = {check.function for check in graded.result.checks if check.status == "passed"}
    assert passed == {"bce_loss", "generator_loss"}


def test_each_part_is_announced_run_and_told_in_order(handed_in, grader):
    calls = []
    grade(
        handed_in,
        functions=["bce_loss"],
        grader=grader,
        planned=lambda of: calls.append(("planned", [part.name for part in of])),
        starting=lambda part, one: calls.append(("starting", one.main)),
        finished=lambda graded: calls.append(("finished", graded.part.name)),
    )
    assert calls == [
        ("planned", ["gan_pytorch"]),
        ("starting", "gan_pytorch.py"),
        ("finished", "gan_pytorch"),
    ]


def test_a_part_that_is_absent_earns_nothing_where_that_is_wanted(handed_in, grader):
    (handed_in / "readme.txt").write_text("two files: neither is taken for the other part")
    graded = grade(handed_in, PARTS[:2], absent_earns_nothing=True, grader=grader)
    assert [one.part for one in graded] == [*PARTS[:2]]
    assert [one.result.score for one in graded] == [100, 0]
    absent = graded[1]
    assert absent.result.max_score == 100 and {*absent.outputs.statuses} == {
        *PARTS[1].probe_names()
    }
    assert all("gaussian_gan" in check.message for check in absent.result.checks)


def test_a_part_that_is_asked_for_and_absent_is_an_error_otherwise(handed_in, grader):
    with pytest.raises(SubmissionError, match="gaussian_gan"):
        grade(handed_in, ["gan_pytorch", "gaussian_gan"], grader=grader)


def test_a_part_is_named_or_given_and_counts_once(handed_in, grader):
    graded = grade(handed_in, ["gan_pytorch", PART], functions=["bce_loss"], grader=grader)
    assert [one.part for one in graded] == [PART]


def test_one_wall_of_several_is_enough_and_none_is_an_error(handed_in, grader, monkeypatch):
    options = {"functions": ["bce_loss"], "grader": grader}
    assert grade(handed_in, one_wall_of=["resource limits", "no such wall"], **options)
    with pytest.raises(SandboxError, match="none of no such wall is available"):
        grade(handed_in, one_wall_of=["no such wall"], **options)


def test_where_nothing_is_run_no_wall_is_needed(tmp_path, grader, monkeypatch):
    monkeypatch.setattr(runner, "run", lambda *given: pytest.fail("something was run"))
    [graded] = grade(
        tmp_path, [PART], absent_earns_nothing=True, one_wall_of=["landlock"], grader=grader
    )
    assert graded.result.score == 0


def test_a_name_that_is_no_parts_is_a_source_error():
    with pytest.raises(SourceError, match="there is no part 'gan_tensorflow'; the parts are: "):
        grade("nothing.py", ["gan_tensorflow"])


def test_nothing_to_grade_is_a_submission_error(tmp_path):
    with pytest.raises(SubmissionError, match=r"^nothing\.py: no such file"):
        grade("nothing.py")


def test_training_is_graded_with_the_same_file_where_it_is_asked_for(
    handed_in, grader, monkeypatch
):
    """What is trained is seen elsewhere; here, which part is run, with which file and limits."""
    ran = []

    def run(workers, submission, part, probes=None, limits=None):
        ran.append((part.name, submission.main, limits.probe_seconds))
        return Outputs(part.name)

    monkeypatch.setattr(runner, "run", run)
    monkeypatch.setattr(grader, "rescore", lambda outputs, label: None)
    grade(handed_in, train=True, grader=grader)
    assert [name for name, _, _ in ran] == ["gan_pytorch", "gan_learning"]
    assert {main for _, main, _ in ran} == {"gan_pytorch.py"}
    assert ran[1][2] > 10 * ran[0][2]

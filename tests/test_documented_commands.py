"""Every command in the documentation works: it is run here, or stands here with what runs it.

A command stands in RUN or in NOT_RUN below; one that stands in neither fails, by its page and line.
"""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
import sys
from typing import NamedTuple

import pytest

from autograder.mistake import Mistake, apply, swap
from autograder.parts import ROOT
from tests.documentation import DOCUMENTED, PAGES, is_a_name
from tests.selection import sample


class Runs(NamedTuple):
    """A command that is run: its exit code, words that it prints, files that it writes."""

    says: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    code: int = 0


class Elsewhere(NamedTuple):
    """A command that is not run here: why, and what does run it or the calls behind it."""

    why: str
    test: str = ""


GRADED = ("results/feedback.html", "results/result.json", "results/outputs.npz")
CLASS = ("results/index.html", "results/gradebook.csv", "results/results/ana/feedback.html")
SLIP = "The loss is a sum over the minibatch."  # submission.zip has it, and so has ben

# A command that several pages have is run once; assignment/ is as it was before each page.
RUN = {
    # README.md, and the pages that say the same again
    "autograder grade solutions": Runs(("Total 500/500",), ("results/feedback.html",)),
    "autograder grade submission.zip": Runs((SLIP, "/100"), GRADED),
    "autograder grade-class submissions/ --output results": Runs(("3 graded.",), CLASS),
    "autograder check gan_pytorch.py": Runs(("47/47", "All public checks pass")),
    "autograder check .": Runs(("47/47",)),
    "autograder release": Runs((), ("assignment/gan_pytorch.py", "assignment/public_checks.npz")),
    "autograder release gan_pytorch --nbgrader course/": Runs(
        ("nbgrader generate_assignment gan_pytorch",),
        ("course/nbgrader_config.py", "course/source/gan_pytorch/gan_pytorch.ipynb"),
    ),
    "autograder rescore results": Runs(("3 results judged again, 0 changed",)),
    "autograder bundle gradescope": Runs((), ("autograder.zip",)),
    "autograder rubric": Runs(("| `sample_noise`, 10 |", "| public |")),
    "autograder rubric --output docs/rubric.md": Runs((), ("docs/rubric.md",)),
    "autograder doctor": Runs(("--isolation strict",)),
    "autograder grade solutions --language zh": Runs(("总分 500/500",), ("results/feedback.html",)),
    # docs/class.md, docs/index.md, docs/instructor.md
    "autograder name results": Runs(("every lost check has a name",)),
    "autograder name": Runs(("give RESULTS, or --share FILE, or --take FILE",), code=2),
    "autograder rescore results --dry-run": Runs(("3 results judged again, 0 would change",)),
    "autograder grade-class submissions/ --output results --gradebook canvas": Runs(
        ("0 graded, 3 kept",), ("results/gradebook-canvas.csv",)
    ),
    "autograder grade-class submissions/ --output results --roster students.csv": Runs(
        ("1 graded, 3 kept", "nothing handed in"), ("results/results/Dan/feedback.html",)
    ),
    "autograder grade-class submissions/ --output results --deadline 2026-03-01"
    " --timezone Europe/Berlin": Runs(("23:59+01:00",)),
    "autograder grade-class submissions/ --output results --gradebook canvas --into export.csv": Runs(
        ("cem: not found in the table",), ("results/gradebook-canvas.csv",), code=1
    ),
    "autograder grade-class handins/ --output by-pattern"
    ' --pattern "(?P<time>[0-9_]+)-(?P<student>[^-]+)-(?P<file>.+)"': Runs(
        ("1 graded.",), ("by-pattern/results/ana/feedback.html",)
    ),
    "autograder grade assignment": Runs(("Total 0/500",)),
    "autograder release --given bce_loss": Runs(),
    "autograder release --verify": Runs(("differs",), code=1),  # from what the line before wrote
    "autograder grade submission.zip --output results/ana": Runs((), ("results/ana/result.json",)),
    "autograder release dcgan_keras --output handout_keras": Runs(
        (), ("handout_keras/dcgan_keras.py",)
    ),
    # docs/nbgrader.md, docs/platforms.md
    "cd course": Runs(),
    "autograder bundle gradescope --part gan_pytorch --output autograder.zip": Runs(
        (), ("autograder.zip",)
    ),
    "autograder bundle gradescope --part gan_pytorch --train --output autograder.zip": Runs(
        (), ("autograder.zip",)
    ),
    "autograder bundle gradescope --train --output autograder.zip": Runs((), ("autograder.zip",)),
    "autograder bundle classroom50 --part gan_pytorch --output DIR": Runs(
        (), ("DIR/autograder.py",)
    ),
    "autograder bundle otter --part gan_pytorch --output DIR": Runs(
        (), ("DIR/tests/gan_pytorch.py",)
    ),
    "autograder bundle container --part gan_pytorch --output DIR": Runs((), ("DIR/Dockerfile",)),
    "autograder bundle otter --part gan_pytorch --output hw": Runs(
        (), ("hw/tests/gan_pytorch.py",)
    ),
    # docs/coming-from.md
    "autograder release --package cs231n": Runs(
        (), ("assignment-cs231n/cs231n/gan_pytorch.py", "assignment-cs231n/public_checks.npz")
    ),
    "autograder record --classic": Runs(("wrote gan-checks.npz",), ("gan-checks.npz",)),
    "autograder release --zip homework.zip": Runs((), ("homework.zip",)),
}

INSTALLS = Elsewhere("the network", ".ci/run")
SELF = Elsewhere("this very run")
STAFF = "test_packages.py::test_the_staff_wheel_grades_from_an_empty_folder"
WHEELS = "test_packages.py::test_the_wheels_have_two_names"
KEY = Elsewhere(
    "minutes: all mistakes, with several keys",
    "test_course_key.py::test_with_a_drawn_key_every_mistake_loses_what_it_should",
)
RECORD = Elsewhere("minutes: every mistake", "test_cli.py::test_record_verifies_what_is_stored")
ACCURACY = "test_new_part.py::test_every_mistake_is_caught_and_named_and_the_variant_accepted"
COUNTED = Elsewhere("counted there", "test_new_part.py::test_the_page_tells_how_long_the_parts_are")
MEASURES = Elsewhere("minutes; a measurement")
NEW_PART = Elsewhere("followed there", "test_new_part.py::test_the_solution_earns_every_point")
AS_PYTEST = Elsewhere("followed there", "test_pytest_suite.py::test_each_check_is_a_test_of_pytest")
NBGRADER = Elsewhere("followed there", "test_nbgrader.py::test_ten_students_come_through")
OTTER = Elsewhere(
    "otter is not installed everywhere",
    "test_bundle_others.py::test_otter_itself_gives_our_points",
)
KERAS = Elsewhere("Keras, 14 s", "test_dcgan_keras.py::test_the_solution_earns_every_point")
NAMED = Elsewhere(
    "its group is one of a class",
    "test_groups.py::test_a_sentence_reaches_the_whole_group_and_can_be_changed_and_forgotten",
)
DASK = Elsewhere(
    "a cluster",
    "test_batch_command.py::test_a_dask_cluster_of_which_a_worker_is_killed_grades_the_class",
)
TRAINS = Elsewhere(
    "most of a minute",
    "test_learning.py::test_a_short_training_runs_in_the_sandbox_and_is_the_same_twice",
)

REVIEW = Elsewhere(
    "a server, until it is interrupted",
    "test_review.py::test_the_command_serves_the_page_until_it_is_interrupted",
)
TRANSLATED = Elsewhere(
    "it writes the catalogues of the checkout",
    "test_language.py::test_a_third_language_is_a_file",
)
SHARED = Elsewhere(
    "a class with names",
    "test_sharing.py::test_another_course_reads_the_sentences_at_once",
)

NOT_RUN = {
    "autograder review results": REVIEW,
    "autograder review results --port 8000": REVIEW,
    "autograder name --share names.npz": SHARED,
    "autograder messages zh": TRANSLATED,
    "autograder messages zh --verify": TRANSLATED,
    "autograder messages LANGUAGE": TRANSLATED,
    "pytest tests/test_language.py": SELF,
    "autograder name --take names.npz": SHARED,
    'pip install -e ".[review]"': INSTALLS,
    'autograder name results GROUP "One sentence that tells the student what is wrong."': NAMED,
    "pip install -e .": INSTALLS,
    'pip install -e ".[dev]"': INSTALLS,
    'pip install -e ".[bench]"': INSTALLS,
    'pip install -e ".[dask]"': INSTALLS,
    'pip install -e ".[keras]"': INSTALLS,
    'pip install -e ".[nbgrader]"': INSTALLS,
    "pip install gan-homework": INSTALLS,
    'pip install "./gan_homework_staff-0.1.0-py3-none-any.whl[dask]"': Elsewhere("network", STAFF),
    "pip install gan_homework_staff-*.whl": Elsewhere("the network", STAFF),
    "pip wheel --no-deps .": Elsewhere("built there, both", WHEELS),
    "GAN_HOMEWORK=staff pip wheel --no-deps .": Elsewhere("built there, both", WHEELS),
    '/tmp/torch22/bin/pip install torch==2.2.2 "numpy<2"': Elsewhere("the network"),
    "python -m venv /tmp/torch22": Elsewhere("writes outside of the sandbox"),
    "pre-commit install": Elsewhere("writes into .git"),
    "pytest": SELF,
    "pytest --exhaustive": SELF,
    "make lock": Elsewhere(
        "the network",
        "test_project.py::test_the_lock_file_fulfils_every_requirement_on_every_python_and_system",
    ),
    "make changelog": Elsewhere(
        "rewrites CHANGELOG.md",
        "test_project.py::test_the_next_section_lists_every_entry_with_its_kind",
    ),
    "python -m autograder.platforms.hosted": Elsewhere(
        "the bundles' scripts start it",
        "test_bundle_gradescope.py::test_a_right_submission_earns_all_points",
    ),
    "pytest -k tiny_gan": Elsewhere(
        "the part exists on its page only; it asks for more", NEW_PART.test
    ),
    "pytest autograder/suites/test_gan_pytorch.py --submission submission.zip -k noise -x"
    " --junit-xml checks.xml": AS_PYTEST,
    "wc -l solutions/wgan_gp.py autograder/probes/wgan_gp.py"
    " autograder/suites/test_wgan_gp.py": COUNTED,
    "cat autograder/mistakes/wgan_gp/*.py | wc -l": COUNTED,
    "cat tests/variants/wgan_gp/*.py | wc -l": COUNTED,
    "pytest tests/test_hostile.py": SELF,
    "make lint": Elsewhere("CI does it", ".ci/run"),
    "make bench": MEASURES,
    "make docs": Elsewhere("built there", "test_site.py::test_the_site_builds_without_a_warning"),
    "autograder record": RECORD,
    "autograder record gan_learning": RECORD,
    "autograder record --key": KEY,
    "autograder record --verify": Elsewhere(
        "half a minute", "test_cli.py::test_record_verifies_what_is_stored"
    ),
    "autograder record --public": KEY,
    "autograder check cs231n/gan_pytorch.py": Elsewhere(
        "in a student's folder",
        "test_packaged.py::test_a_file_in_a_package_is_checked_and_graded",
    ),
    "autograder accuracy": Elsewhere("minutes", ACCURACY),
    "autograder accuracy gan_pytorch --full --output docs/accuracy.md": Elsewhere(
        "an hour", ACCURACY
    ),
    "autograder accuracy gaussian_gan dcgan dog_breeds wgan_gp"
    " --output docs/accuracy-parts.md": Elsewhere("minutes", ACCURACY),
    "autograder grade submission.zip --train": TRAINS,
    "autograder grade-class submissions/ --output trained --train": Elsewhere(
        "minutes", "test_course.py::test_training_is_a_part_beside_the_others"
    ),
    "autograder grade dcgan_keras.py": KERAS,
    "autograder grade-class submissions/ --part dcgan_keras --output results": KERAS,
    "autograder grade-class submissions/ --output results --executor dask"
    " --scheduler tcp://HOST:8786": DASK,
    "autograder grade-class submissions/ --output results --executor dask"
    " --scheduler gateway:NAME": Elsewhere("needs a gateway; the page says so"),
    "dask scheduler": DASK,
    "dask worker tcp://HOST:8786 --nworkers 4 --nthreads 1": DASK,
    "docker compose run --rm autograder grade-class /submissions --output /results": Elsewhere(
        "Docker",
        "test_bundle_others.py::test_the_dockerfiles_steps_install_pins_and_shut_the_source",
    ),
    "nbgrader generate_assignment gan_pytorch": NBGRADER,
    "nbgrader autograde gan_pytorch": NBGRADER,
    "nbgrader generate_feedback gan_pytorch": NBGRADER,
    "nbgrader export": NBGRADER,
    "otter generate -t hw/tests -o hw/autograder.zip": OTTER,
    "otter run -a hw/autograder.zip submission.ipynb": OTTER,
    "otter run": OTTER,
    "python -m autograder new-part tiny_gan --functions draw_points,critic,critic_loss"
    ' --title "A critic of points in a square"': NEW_PART,
    "python -m autograder record tiny_gan": NEW_PART,
    "python -m autograder release tiny_gan --output tiny": NEW_PART,
    "python -m autograder grade solutions/tiny_gan.py --output graded": NEW_PART,
    "python -m autograder grade tiny/tiny_gan.py --output graded_stub": NEW_PART,
    "python -m autograder accuracy tiny_gan": NEW_PART,
    "python -m pytest autograder/suites/test_tiny_gan.py --submission solutions/tiny_gan.py"
    " -k critic": NEW_PART,
    "python -m autograder new-part warm_up --functions squares,norms --homework course": NEW_PART,
    "python -m autograder record warm_up --homework course": NEW_PART,
    "python -m autograder release --homework course": NEW_PART,
    "python -m autograder grade course/solutions/warm_up.py --homework course"
    " --output graded_warm_up": NEW_PART,
    "python -m autograder grade course/assignment/warm_up.py --homework course"
    " --output graded_warm_up_stub": NEW_PART,
    "python -m autograder accuracy warm_up --homework course": NEW_PART,
    "python -m pytest course/suites/test_warm_up.py --submission course/solutions/warm_up.py": NEW_PART,
    "python -m autograder check course/assignment/warm_up.py --homework course/assignment": NEW_PART,
    "python benchmarks/ablations.py": MEASURES,
    "python benchmarks/class_grading.py": MEASURES,
    "python benchmarks/cold.py": MEASURES,
    "python benchmarks/fuzz_wire.py": MEASURES,
    "python benchmarks/groups.py": MEASURES,
    "python benchmarks/hosts.py": MEASURES,
    "python benchmarks/hosts.py --forget --python VENV/bin/python": MEASURES,
    "python benchmarks/learning.py": MEASURES,
    "python benchmarks/peers": MEASURES,
    "python benchmarks/repeat.py --rounds 1000 --write": MEASURES,
    "python benchmarks/run.py --write": MEASURES,
    "python benchmarks/spread.py": MEASURES,
    "python benchmarks/spread.py --python /tmp/torch22/bin/python --write": MEASURES,
    "python benchmarks/training.py": MEASURES,
    "python benchmarks/walls.py": MEASURES,
    "python benchmarks/warm.py": MEASURES,
    "python docs/attacks.py": Elsewhere("minutes, as root", "test_hostile.py"),
    "python docs/versions.py PYTHON...": Elsewhere("minutes for each version", "test_versions.py"),
    "python docs/versions.py": Elsewhere("minutes for each version", "test_versions.py"),
    "python docs/gans.py --iterations 250": MEASURES,
    "python docs/pictures.py": Elsewhere("writes pictures, with a browser"),
    "python docs/sprites.py": MEASURES,
}


# --- the tables -------------------------------------------------------------------------------


def test_every_command_is_run_or_has_a_reason():
    unknown = [
        str(command)
        for command in DOCUMENTED
        if not (command.text in RUN or command.text in NOT_RUN or is_a_name(command))
    ]
    assert not unknown, "\n".join([*unknown, "put each into RUN or NOT_RUN of this file"])


def test_no_entry_is_stale():
    texts = {command.text for command in DOCUMENTED}
    assert [text for text in (*RUN, *NOT_RUN) if text not in texts] == []
    assert not RUN.keys() & NOT_RUN.keys()


@pytest.mark.parametrize("where", sorted({one.test for one in NOT_RUN.values() if one.test}))
def test_what_is_said_to_run_it_exists(where):
    file, _, test = where.partition("::")
    path = ROOT / file if file.startswith(".ci/") else ROOT / "tests" / file
    assert path.is_file(), where
    assert not test or f"\ndef {test}(" in path.read_text(), where


# --- running them -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """Return a copy of the checkout in which the names exist that the pages use."""
    copy = tmp_path_factory.mktemp("documented") / "checkout"
    copy.mkdir()
    for folder in ("assignment", "autograder", "checks", "solutions"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in ("LICENSE", "README.md", "setup.cfg", "setup.py", "pyproject.toml"):
        shutil.copy(ROOT / file, copy)
    right = (copy / "solutions" / "gan_pytorch.py").read_text()
    slip = Mistake("slip", swap("(...).mean()", "(...).sum()"), "", "", "bce_loss")
    (copy / "gan_pytorch.py").write_text(right)
    shutil.copy(copy / "assignment" / "public_checks.npz", copy)
    students = copy / "submissions"
    for student, text in (("ana", right), ("ben", apply(slip, right))):
        (students / student).mkdir(parents=True)
        (students / student / "gan_pytorch.py").write_text(text)
    shutil.copy(copy / "assignment" / "gan_pytorch.py", students / "cem.py")
    (copy / "handins").mkdir()
    (copy / "handins" / "20260301_2230-ana-gan_pytorch.py").write_text(right)
    (copy / "students.csv").write_text("name,id\nana,1\nben,2\ncem,3\nDan,4\n")
    head = "Student,ID,SIS Login ID,Section,HW (7)\nPoints Possible,,,,10\n"
    (copy / "export.csv").write_text(f"{head}ana,1,,,\nben,2,,,\n")
    shutil.make_archive(str(copy / "submission"), "zip", students / "ben")
    return copy


@pytest.fixture(scope="module")
def complaint(sandbox):
    """Run a command there and return what is wrong with it; one that several pages have, once."""
    environment = {**os.environ, "PYTHONPATH": str(sandbox), "COLUMNS": "120", "NO_COLOR": "1"}

    @functools.cache
    def run(text: str) -> str:
        tool, *words = shlex.split(text)
        if tool == "cd":
            return "" if (sandbox / words[0]).is_dir() else "no such folder"
        assert tool == "autograder", f"{text}: nothing here can run it"
        if words[-1] == "DIR":  # a new one for each row of a table
            shutil.rmtree(sandbox / "DIR", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=sandbox,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        said, wanted = done.stdout + done.stderr, RUN[text]
        if done.returncode != wanted.code:
            return f"exit code {done.returncode}\n{said}"
        if missing := [words for words in wanted.says if words not in said]:
            return f"does not say {missing}\n{said}"
        missing = [path for path in wanted.writes if not (sandbox / path).exists()]
        return f"does not write {missing}" if missing else ""

    return run


@pytest.fixture
def assignment(sandbox):
    """Put back what students get when a page is done: it may have given them a function."""
    yield
    shutil.copytree(ROOT / "assignment", sandbox / "assignment", dirs_exist_ok=True)


@pytest.mark.parametrize(
    "page", sample(sorted({one.page for one in DOCUMENTED if one.text in RUN}), every=len(PAGES))
)
def test_what_a_page_says_to_type_works_in_its_order(page, complaint, assignment):
    for command in DOCUMENTED:
        if command.page == page and command.text in RUN and not is_a_name(command):
            wrong = complaint(command.text)
            assert not wrong, f"{command}: {wrong}"

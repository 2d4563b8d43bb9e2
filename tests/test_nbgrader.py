"""From release to feedback with the real nbgrader, and points that are the engine's."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.errors import AutograderError
from autograder.outputs import read_npz
from autograder.parts import PARTS, ROOT, get
from autograder.platforms.nbgrader.course import student_notebooks
from autograder.staff import release
from tests.warm_tool import WarmTool

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of SQLAlchemy and traitlets, inside of nbgrader
    pytest.mark.skipif(
        shutil.which("nbgrader") is None
        and not Path(sys.executable).with_name("nbgrader").exists(),
        reason="nbgrader is not installed",
    ),
]
PART = get("gan_pytorch")
CHROMIUM = shutil.which("chromium")
SOLUTION = PART.solution.read_text()
STUB = PART.stub.read_text()
RIGHT_STEPS = "y: 1, 2, 1, -1, -2, -1, 1\nx: 1, -1, -2, -1, 1, 2, 1"
HALF_STEPS = "(x, y) = (1, 1), (-1, 2), (-2, 1), (-1, -1), (0, 0), (0, 0), (0, 0)"


def changed(old, new):
    assert old in SOLUTION
    return SOLUTION.replace(old, new)


# Ten students: what their gan_pytorch.py holds (None: it is not there), and their first answer.
CLASS = {
    "ada": (SOLUTION, RIGHT_STEPS),
    "bob": (STUB, "YOUR ANSWER HERE"),
    "eve": (
        changed("        nn.Linear(1024, 784),\n        nn.Tanh(),", "nn.Linear(1024, 784),"),
        "",
    ),
    "kim": (changed("lr=1e-3", "lr=1e-2"), HALF_STEPS),
    "lee": (SOLUTION + "\nimport sys\nprint('loud', file=sys.stderr)\n", "It cycles."),
    "max": (SOLUTION + "\nraise SystemExit(1)\n", RIGHT_STEPS),
    "noa": (None, RIGHT_STEPS),
    "pat": ("import os\nos._exit(3)\n", RIGHT_STEPS),
    "sam": (SOLUTION + "\nimport autograder.nbgrader_cells\n", RIGHT_STEPS),
    "zoe": ("def sample_noise(:\n" + SOLUTION, RIGHT_STEPS),
}
STEPS = dict.fromkeys(CLASS, 6.0) | {"bob": 0.0, "eve": None, "kim": 3.0, "lee": None}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder in which nbgrader finds nothing but the course."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def nbgrader(home):
    """Return a function that runs an nbgrader command in a folder."""
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT), "JUPYTERHUB_USER": ""}
    with WarmTool(["nbgrader.apps", "nbgrader.api", "nbgrader.converters"], environment) as tool:

        def run(folder, command, *arguments):
            words = [command, *arguments]
            if command not in ("generate_feedback", "export", "generate_assignment", "autograde"):
                words += [f"--Exchange.root={home / 'exchange'}", "--course=gans"]
            done = tool.run("nbgrader", *words, cwd=folder)
            assert done.returncode == 0, done.stdout

        yield run


@pytest.fixture(scope="module")
def course(home, nbgrader, tmp_path_factory):
    """Take a class through nbgrader: generate, release, fetch, submit, collect, autograde, feedback."""
    course = tmp_path_factory.mktemp("course")
    (home / "exchange").mkdir()
    (home / "exchange").chmod(0o777)
    release.release_course(PART, course)
    name = PART.name
    nbgrader(course, "generate_assignment", name)
    nbgrader(course, "release_assignment", name)
    desk = tmp_path_factory.mktemp("desk")
    nbgrader(desk, "fetch_assignment", name)
    for student, (text, answer) in CLASS.items():
        hand_in(desk / name, text, answer)
        if student in ("ada", "bob"):
            nbgrader(desk, "submit", name, f"--student={student}")
        else:  # the command only copies, and takes two seconds
            shutil.copytree(desk / name, course / "submitted" / student / name)
    nbgrader(course, "collect", name)
    nbgrader(course, "autograde", name)
    nbgrader(course, "generate_feedback", name)
    nbgrader(course, "export", f"--to={course / 'grades.csv'}")
    return course


def hand_in(folder, text, answer):
    module = folder / "gan_pytorch.py"
    module.unlink(missing_ok=True)
    if text is not None:
        module.write_text(text)
    path = folder / "gan_pytorch.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["id"] == "question-1":
            cell["source"] = answer
        if cell["id"] == "test-bce-loss":  # a claim, which nbgrader's own way would believe
            result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
            cell["outputs"] = [{**result, "data": {"text/plain": "8.0"}}]
    path.write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def points(course):
    """Return the points of every test and answer cell, by student and cell."""
    from nbgrader.api import Gradebook

    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(PART.name):
            (notebook,) = submission.notebooks
            found[submission.student.id] = {g.name: g.auto_score for g in notebook.grades}
    return found


def test_ten_students_come_through(points):
    assert sorted(points) == sorted(CLASS)


@pytest.mark.parametrize("student", CLASS)
def test_points_are_those_of_the_engine_function_by_function(points, grader, student):
    from autograder.handins.submission import Submission

    text = CLASS[student][0]
    graded = {n: p for n, p in points[student].items() if n.startswith("test_")}
    if text is None:
        assert set(graded.values()) == {0.0}
        return
    result, _ = grader.grade(
        Submission(student, "gan_pytorch.py", {"gan_pytorch.py": text.encode()}), PART
    )
    expected: dict[str, float] = {}
    for check in result.checks:
        name = f"test_{check.function}"
        expected[name] = expected.get(name, 0.0) + check.score
    assert graded == expected


@pytest.mark.parametrize("student", CLASS)
def test_the_six_steps_are_read_and_what_cannot_be_read_waits_for_a_person(points, student):
    assert points[student]["question_1"] == STEPS[student]
    assert points[student]["question_2"] == 0.0  # nothing was written


def test_the_export_has_everybody_and_their_points(course, points):
    with (course / "grades.csv").open() as file:
        told = {line["student_id"]: float(line["score"]) for line in csv.DictReader(file)}
    assert told == {name: sum(p or 0 for p in cells.values()) for name, cells in points.items()}
    assert told["ada"] == 106.0


def test_feedback_says_what_went_wrong_and_holds_no_answer(course):
    pages = {
        name: (course / "feedback" / name / PART.name / "gan_pytorch.html").read_text()
        for name in CLASS
    }
    assert "ten times too high" in pages["kim"]
    assert "still to do" in pages["bob"]
    assert "sample_noise` is not defined in your file" in pages["noa"]
    answers, _ = read_npz(PART.answers)
    digits = {
        f"{float(value):.{places}g}"
        for key, array in answers.items()
        if array.dtype.kind == "f" and "sample" not in key and "history" not in key
        for value in np.ravel(array)[:20]
        for places in (5, 7, 9)
    }
    digits = {d for d in digits if len(d.strip("-0.").replace(".", "")) >= 5}
    assert len(digits) > 300
    for page in pages.values():
        assert not digits & set(re.findall(r"-?\d+\.\d+(?:e-?\d+)?", page))
        assert "Mark scheme" not in page


def test_nothing_of_a_solution_reaches_the_release(course):
    released = (course / "release" / PART.name / "gan_pytorch.ipynb").read_text()
    for words in ("saddle point", "Mark scheme", "BEGIN SOLUTION", "| $y$ | 1 |"):
        assert words not in released
    assert (course / "release" / PART.name / "gan_pytorch.py").read_text() == STUB


def test_a_cell_that_a_kernel_claims_to_have_passed_is_graded_all_the_same(points):
    assert points["bob"]["test_bce_loss"] == 0.0


def test_plain_nbgrader_without_our_settings_gives_no_point_for_public_checks(
    tmp_path, monkeypatch
):
    from autograder.notebook import grade_cell

    shutil.copy(PART.solution, tmp_path / "gan_pytorch.py")
    shutil.copy(PART.stub.parent / "public_checks.npz", tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(AssertionError, match=r"nbgrader_config\.py"):
        grade_cell("bce_loss", tmp_path / "gan_pytorch.py")
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert grade_cell("bce_loss", tmp_path / "gan_pytorch.py").passed
    shutil.copy(PART.stub, tmp_path / "gan_pytorch.py")
    with pytest.raises(AssertionError, match="still to do"):
        grade_cell("bce_loss", tmp_path / "gan_pytorch.py")
    monkeypatch.delenv("NBGRADER_EXECUTION")  # a student's own "run all" goes on
    assert not grade_cell("bce_loss", tmp_path / "gan_pytorch.py").passed


def test_settings_of_a_course_are_not_overwritten(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(AutograderError, match="exists and has other settings"):
        release.release_course(PART, tmp_path)
    assert (tmp_path / "nbgrader_config.py").read_text() == "c = get_config()\n"
    assert not (tmp_path / "source").exists()


TODAY, BEFORE = "autograder.platforms.nbgrader.cells.", "autograder.nbgrader_cells."


def test_settings_of_an_older_course_still_work_and_are_brought_up_to_date(tmp_path):
    """They name our preprocessors, which nbgrader imports."""
    from autograder import nbgrader_cells
    from autograder.platforms.nbgrader import cells

    assert nbgrader_cells.GradeCells is cells.GradeCells
    assert nbgrader_cells.SaveGrades is cells.SaveGrades
    release.release_course(PART, tmp_path)
    config = tmp_path / "nbgrader_config.py"
    today = config.read_text()
    older = today.replace(TODAY, BEFORE)
    assert older.count(BEFORE) == 2 and TODAY not in older
    config.write_text(older)
    done = CliRunner().invoke(main, ["release", "dcgan", "--nbgrader", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert config.read_text() == today
    assert (tmp_path / "source" / "dcgan" / "dcgan.ipynb").is_file()

    changed = older + "c.Exchange.root = '/srv'\n"
    config.write_text(changed)
    done = CliRunner().invoke(main, ["release", "dcgan", "--nbgrader", str(tmp_path)])
    assert done.exit_code == 1 and "exists and has other settings" in done.output
    assert config.read_text() == changed


def test_parts_can_join_one_course(tmp_path):
    for part in PARTS:
        if part.notebook().is_file():
            release.release_course(part, tmp_path)
            assert (tmp_path / "source" / part.name / part.stub.name).is_file()
    assert '"dcgan": ["dcgan.py"]' in (tmp_path / "nbgrader_config.py").read_text()


def test_a_notebook_that_nbgrader_refuses_is_one_line():
    notebook = json.loads(PART.notebook().read_text())
    graded = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    graded[1]["metadata"]["nbgrader"]["grade_id"] = graded[0]["metadata"]["nbgrader"]["grade_id"]
    with pytest.raises(AutograderError, match="nbgrader refuses the notebooks: Duplicate grade id"):
        student_notebooks({"x.ipynb": json.dumps(notebook).encode()})


# --- formgrader, in a real Jupyter server and a real browser ---------------------------------------


@pytest.fixture(scope="module")
def server(course, home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--port={port}",
        "--no-browser",
        "--allow-root",
        "--ServerApp.token=",
        "--ServerApp.password=",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *options],
        cwd=course,
        env={**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium to look at pages with")
@pytest.mark.exhaustive(reason="7 s: a Jupyter server and a browser")
def test_formgrader_shows_points_and_reasons(server):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{server}/formgrader/gradebook/{PART.name}/gan_pytorch")
        page.wait_for_selector("text=Submission #1")
        page.goto(f"{server}/formgrader/manage_submissions/{PART.name}")
        row = page.locator("tr", has_text="kim")
        row.wait_for()
        assert "93 / 116" in row.inner_text()
        told = json.load(urllib.request.urlopen(f"{server}/formgrader/api/submissions/{PART.name}"))
        waiting = {one["student"] for one in told if one["needs_manual_grade"]}
        assert waiting == {"eve", "lee"}
        browser.close()

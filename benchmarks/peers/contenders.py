"""The same ten checks as an nbgrader assignment, an otter notebook, a gradescope-utils suite and plain
pytest, each as its own documentation writes them, and this grader with its whole suite.

Each function sets one of them up in an empty folder and returns it. `points` reads what the last run
gave the solution, so that a grader that did not grade is noticed.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from ten_checks import CHECKS

from autograder import parts

PART = parts.get("gan_pytorch")
SOLUTION = PART.solution.read_text()
TOOLS = Path(sys.executable).parent  # nbgrader and otter are installed beside this Python
ASSIGNMENT = "gan"
Command = list[object]


@dataclass(frozen=True, slots=True)
class Contender:
    """A grader that is ready to run.

    Attributes:
        name: its name in the tables.
        package: the distribution whose version is shown.
        folder: where its commands run.
        one: the command that grades one submission.
        points: returns the share of the points that the solution got, from 0 to 1.
        crowd: the command that grades a class; empty if it has none.
        size: how many submissions `crowd` grades.
        crowd_points: the same share for `crowd`, the smallest of all submissions.
    """

    name: str
    package: str
    folder: Path
    one: Command
    points: Callable[[], float]
    crowd: Command
    size: int
    crowd_points: Callable[[], float]


def ours(folder: Path, size: int) -> Contender:
    """Set up this grader; it runs every check of its suite, about three times as many."""
    for number in range(size):
        _hand_in(folder / "class" / f"student{number}")
    one = [sys.executable, "-m", "autograder", "grade", folder / "class" / "student0"]
    crowd = [sys.executable, "-m", "autograder", "grade-class", folder / "class"]
    crowd += ["--executor", "serial", "--workers", "1", "--fresh", "--output", folder / "results"]

    def points() -> float:
        result = json.loads((folder / "one" / "result.json").read_text())
        return float(result["score"] / result["max_score"])

    def crowd_points() -> float:
        with (folder / "results" / "gradebook.csv").open() as file:
            return min(float(row["score"]) / 100 for row in csv.DictReader(file))

    one += ["--output", folder / "one"]
    return Contender("this one", "gan-homework", folder, one, points, crowd, size, crowd_points)


def nbgrader(folder: Path, size: int) -> Contender:
    """Set up a course with a notebook that has a test cell for each check."""
    cells = [_nbgrader_cell(SOLUTION, "answer", solution=True)]
    cells += [_nbgrader_cell(text, name, solution=False) for name, text in CHECKS.items()]
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), source / "gan.ipynb")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.CourseDirectory.root = {str(folder)!r}\n"
        "c.ClearSolutions.enforce_metadata = False\n"
        "c.ExecutePreprocessor.timeout = 120\n"
        "c.Execute.timeout = 120\n"
    )
    command = TOOLS / "nbgrader"
    prepare([command, "generate_assignment", ASSIGNMENT], folder)
    for number in range(size):
        handed_in = folder / "submitted" / f"student{number}" / ASSIGNMENT
        handed_in.mkdir(parents=True)
        shutil.copy(source / "gan.ipynb", handed_in)
        prepare([command, "db", "student", "add", f"student{number}"], folder)

    def points() -> float:
        prepare([command, "export", "--to", folder / "grades.csv"], folder)
        with (folder / "grades.csv").open() as file:
            scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
        return scores["student0"] / len(CHECKS)

    def crowd_points() -> float:
        points()
        with (folder / "grades.csv").open() as file:
            return min(float(row["score"]) / len(CHECKS) for row in csv.DictReader(file))

    crowd: Command = [command, "autograde", ASSIGNMENT, "--force"]
    one = [*crowd, "--student", "student0"]
    return Contender("nbgrader", "nbgrader", folder, one, points, crowd, size, crowd_points)


def otter(folder: Path, size: int) -> Contender:
    """Set up tests in otter's exception form; its command for a class needs Docker."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for name, text in CHECKS.items():
        body = textwrap.indent(f"exec({text!r}, env)", "    ")
        (tests / f"{name}.py").write_text(
            "from otter.test_files import test_case\n\nOK_FORMAT = False\n"
            f"name = {name!r}\npoints = 1\n\n\n@test_case()\ndef test_it(env):\n{body}\n"
        )
    about = {"kernelspec": {"name": "python3", "display_name": "python3", "language": "python"}}
    notebook = new_notebook(cells=[new_code_cell(SOLUTION)], metadata=about)
    nbformat.write(notebook, folder / "gan.ipynb")
    command = TOOLS / "otter"
    prepare([command, "generate", "-t", "tests", "-o", "autograder.zip"], folder)
    one = [command, "run", "-a", "autograder.zip", "gan.ipynb", "-o", "."]

    def points() -> float:
        return _of_gradescope(folder / "results.json")

    return Contender("otter run", "otter-grader", folder, one, points, [], 0, points)


def gradescope_utils(folder: Path, size: int) -> Contender:
    """Set up a unittest suite with weights and its JSON runner, started once per submission."""
    _hand_in(folder)
    tests = folder / "tests"
    tests.mkdir()
    methods = "".join(
        f"\n    @weight(1)\n    def test_{name}(self):\n{textwrap.indent(text, ' ' * 8)}\n"
        for name, text in CHECKS.items()
    )
    (tests / "test_gan.py").write_text(
        "import unittest\n\nimport torch\n"
        "from gradescope_utils.autograder_utils.decorators import weight\n\n"
        f"from gan_pytorch import *\n\n\nclass TestGan(unittest.TestCase):{methods}"
    )
    (folder / "run_tests.py").write_text(
        "import unittest\n\n"
        "from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner\n\n"
        'if __name__ == "__main__":\n'
        '    suite = unittest.defaultTestLoader.discover("tests")\n'
        '    with open("results.json", "w") as file:\n'
        '        JSONTestRunner(visibility="visible", stream=file).run(suite)\n'
    )
    one: Command = [sys.executable, "run_tests.py"]

    def points() -> float:
        return _of_gradescope(folder / "results.json")

    return Contender("gradescope-utils", "gradescope-utils", folder, one, points, [], 0, points)


def pytest(folder: Path, size: int) -> Contender:
    """Set up plain asserts; a class is one process, with no wall between students and grader."""
    for number in range(size):
        _hand_in(folder / f"student{number}")
    functions = "".join(
        f"\n\ndef test_{name}(gan):\n    exec({text!r}, {{**vars(gan), 'torch': torch}})\n"
        for name, text in CHECKS.items()
    )
    (folder / "test_gan.py").write_text(
        "import importlib.util\nimport os\nfrom pathlib import Path\n\nimport pytest\nimport torch\n\n"
        f"HERE = Path({str(folder)!r})\n"
        'FOLDERS = sorted(HERE.glob(os.environ.get("STUDENTS", "student*")))\n\n\n'
        '@pytest.fixture(scope="module", params=FOLDERS, ids=lambda path: path.name)\n'
        "def gan(request):\n"
        '    path = request.param / "gan_pytorch.py"\n'
        "    spec = importlib.util.spec_from_file_location(request.param.name, path)\n"
        "    module = importlib.util.module_from_spec(spec)\n"
        "    spec.loader.exec_module(module)\n"
        f"    return module\n{functions}"
    )
    (folder / "pytest.ini").write_text("[pytest]\n")
    alone = ["env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"]  # without plugins that are installed here
    base: Command = [sys.executable, "-m", "pytest", "-q", "--junit-xml", folder / "report.xml"]

    def points() -> float:
        from xml.etree import ElementTree

        suite = ElementTree.parse(folder / "report.xml").getroot()[0]
        lost = sum(int(suite.get(word, 0)) for word in ("failures", "errors", "skipped"))
        return 1 - lost / int(suite.get("tests", 0))

    one = [*alone, "STUDENTS=student0", *base, "test_gan.py"]
    crowd = [*alone, *base, "test_gan.py"]
    return Contender("plain pytest", "pytest", folder, one, points, crowd, size, points)


def prepare(line: Command, folder: Path) -> None:
    """Run a command that is not measured; if it fails, exit with its output."""
    done = subprocess.run(
        list(map(str, line)), cwd=folder, env=environment(), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, line))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def environment() -> dict[str, str]:
    """Return the environment of every command: this Python first, for kernels; one thread."""
    path = os.pathsep.join([str(TOOLS), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"}


def _hand_in(folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copy(PART.solution, folder)


def _of_gradescope(path: Path) -> float:
    tests = json.loads(path.read_text())["tests"]
    scored = [test for test in tests if test.get("max_score")]
    return float(sum(t["score"] for t in scored) / sum(t["max_score"] for t in scored))


def _nbgrader_cell(source: str, name: str, solution: bool) -> nbformat.NotebookNode:
    about = {"schema_version": 3, "grade_id": name, "task": False, "solution": solution}
    about |= {"grade": not solution, "locked": not solution}
    if not solution:
        about["points"] = 1
    return new_code_cell(source, metadata={"nbgrader": about})

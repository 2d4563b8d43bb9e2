"""The page about new parts works: followed word for word, in a clone, it ends with parts that grade."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import SourceError
from autograder.homework import VARIABLE
from autograder.parts import PACKAGE, ROOT, Part
from autograder.staff.new_part import TABLE, new_part

PAGE = ROOT / "docs" / "new-part.md"
TEXT = PAGE.read_text()
FILE = re.compile(r"^`(?P<path>[^`]+)`:\n\n```python\n(?P<text>.*?)```", re.M | re.S)
COMMANDS = re.compile(r"^```sh\n(.*?)```", re.M | re.S)
FOLDERS = ("assignment", "autograder", "checks", "docs", "solutions", "tests")

LONG = pytest.mark.exhaustive(reason="half a minute: parts are added, recorded and measured")


def test_every_file_that_the_page_writes_is_python_and_new():
    files = list(FILE.finditer(TEXT))
    assert len(files) == 7
    for file in files:
        compile(file["text"], file["path"], "exec")
        assert not (ROOT / file["path"]).exists()


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Return a copy of the checkout, without what only these tests have made."""
    pytest.importorskip("nbgrader")
    copy = tmp_path_factory.mktemp("clone")
    for folder in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__", "hostile", "*.png")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    return copy


@pytest.fixture(scope="module")
def said(clone):
    """Do as the page says, its last section beside the others; return what the commands printed."""
    printed = {}
    environment = {**os.environ, "PYTHONPATH": str(clone), "COLUMNS": "100"}

    def follow(text: str) -> None:
        steps = [*FILE.finditer(text), *COMMANDS.finditer(text)]
        for step in sorted(steps, key=lambda found: found.start()):
            if step.re is FILE:
                path = clone / step["path"]
                assert path.is_file(), f"{path}: new-part wrote no such file"
                path.write_text(step["text"])
                continue
            for command in step[1].splitlines():
                python, *words = shlex.split(command)
                assert python == "python"
                words = [sys.executable, *words]
                done = subprocess.run(
                    words, cwd=clone, env=environment, capture_output=True, text=True
                )
                assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
                printed[command] = done.stdout

    here, heading, own = TEXT.partition("\n## 9. ")
    assert heading
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(follow, (here, own)))
    return printed


def result(folder: Path) -> dict:
    return json.loads((folder / "result.json").read_text())


def measured(told: str) -> list[int]:
    """Return how many mistakes there are, and how many are caught, exact and named."""
    (row,) = re.findall(r"^all (.*)$", told, re.M)
    return [int(number) for number in re.findall(r"\d+", row)][:4]


@LONG
def test_the_page_has_every_file_that_its_table_names(clone, said):
    named = re.findall(r"^\| \d \| `([^`]+)`", TEXT, re.M)
    assert len(named) == 7
    for pattern in named:
        assert list(clone.glob(pattern)), pattern
    assert 'Part("tiny_gan", "A critic of points in a square")' in (clone / named[0]).read_text()


@LONG
@pytest.mark.parametrize("folder", ["graded", "graded_warm_up"])
def test_the_solution_earns_every_point(clone, said, folder):
    graded = result(clone / folder)
    assert {c["name"]: c["message"] for c in graded["checks"] if c["status"] != "passed"} == {}
    assert graded["score"] == graded["max_score"] == 100


@LONG
@pytest.mark.parametrize("folder", ["graded_stub", "graded_warm_up_stub"])
def test_the_stub_earns_nothing_and_every_check_is_still_to_do(clone, said, folder):
    graded = result(clone / folder)
    assert graded["score"] == 0
    assert {c["status"] for c in graded["checks"]} == {"skipped"}
    assert "return 2 * torch.rand" not in (clone / "tiny" / "tiny_gan.py").read_text()


@LONG
def test_every_mistake_is_caught_and_named_and_the_variant_accepted(clone, said):
    """`accuracy` ends with an error where a mistake loses other checks than it says."""
    told = said["python -m autograder accuracy tiny_gan"]
    files = (clone / "autograder/mistakes/tiny_gan").glob("*.py")
    mistakes = sum(len(re.findall(r"^    Mistake\(|^def ", f.read_text(), re.M)) for f in files)
    assert mistakes == 11 and measured(told) == [11] * 4
    rows = re.findall(r"^(?:correct variants|that are graded as they say) +(\d+)", told, re.M)
    assert rows == ["1", "1"]


@LONG
def test_the_accuracy_of_two_functions_in_a_folder_of_ones_own_is_measured(said):
    told = said["python -m autograder accuracy warm_up --homework course"]
    assert measured(told) == [2] * 4
    assert re.search(r"combinations of two or three mistakes +1 ", told)


@LONG
def test_the_notebooks_cells_have_the_points_of_the_pages_suite(clone, said):
    cells = json.loads((clone / "solutions/tiny_gan.ipynb").read_text())["cells"]
    worth = {
        cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test_"): cell["metadata"]["nbgrader"]
        for cell in cells
        if "nbgrader" in cell["metadata"]
    }
    points = dict.fromkeys(worth, 0)
    for check in result(clone / "graded")["checks"]:
        points[check["function"]] += check["max_score"]
    assert points == {name: about["points"] for name, about in worth.items()}


# --- how long the parts are -----------------------------------------------------------------------


def lines(*paths: Path) -> int:
    return sum(path.read_text().count("\n") for path in paths)


def lengths(part: Part) -> list[int]:
    """Return the lines of a part's solution, probes, suite, mistakes and variants."""
    mistakes, variants = (folder.glob("*.py") for folder in (part.mistakes, part.variants))
    one_each = [lines(path) for path in (part.solution, part.probes, part.suite)]
    return [*one_each, lines(*mistakes), lines(*variants)]


def test_the_page_tells_how_long_the_parts_are(tmp_path, monkeypatch):
    kinds = ("solution", "probes", "suite", "mistakes", "variant")
    on_page = dict.fromkeys(kinds, 0)
    for file in FILE.finditer(TEXT):
        folder = file["path"].removeprefix("tests/").removeprefix("autograder/").partition("/")[0]
        kind = next(kind for kind in kinds if folder.startswith(kind.rstrip("s")))
        on_page[kind] += file["text"].count("\n")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    new_part("mine", ["one", "two"])
    skeleton = lengths(Part("mine", "", root=tmp_path, home=tmp_path))
    told = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", TEXT, re.M)
    (real,) = re.findall(r"^\| \| skeleton \| `tiny_gan` \| `(\w+)` \|$", TEXT, re.M)
    columns = [[int(row[place]) for row in told] for place in (1, 2, 3)]
    assert columns == [skeleton, [*on_page.values()], lengths(Part(real, ""))]


# --- what cannot be begun -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "functions", "words"),
    [
        ("my-part", ["f"], "'my-part': is no name"),
        ("mine", ["class"], "'class': is no name"),
        ("mine", ["f", "f"], "each of another name"),
        ("mine", [], "one to 50 functions"),
        ("mine", ["f_given_g"], "names of probes"),
        ("json", ["f"], "a module of that name"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(
    name, functions, words, tmp_path, monkeypatch
):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(SourceError, match=re.escape(words)):
        new_part(name, functions)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "begun"))
    assert (tmp_path / "begun" / "solutions" / "mine.py") in new_part("mine", ["f"], languages=())
    with pytest.raises(SourceError, match=r"mine\.py: is there already"):
        new_part("mine", ["g"])
    assert not list(tmp_path.rglob("*.ipynb"))


def test_a_part_of_this_package_needs_a_line_that_the_table_has_room_for():
    assert f"\n{TABLE}" in (PACKAGE / "parts.py").read_text()
    with pytest.raises(SourceError, match=r"gaussian_gan\.py: is there already"):
        new_part("gaussian_gan", ["f"])

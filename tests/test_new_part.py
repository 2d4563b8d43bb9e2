"""The page about new parts works: followed word for word, it ends with a part that grades."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.parts import ROOT

PAGE = ROOT / "docs" / "new-part.md"
LINE = re.compile(
    r"^Add to `PARTS` in `(?P<path>[^`]+)`:\n\n```diff\n\+(?P<text>.*?)```", re.M | re.S
)
FILE = re.compile(r"^`(?P<path>[^`]+)`:\n\n```python\n(?P<text>.*?)```", re.M | re.S)
COMMANDS = re.compile(r"^```sh\n(.*?)```", re.M | re.S)


LONG = pytest.mark.exhaustive(reason="16 s: a part is added and recorded")


def test_every_file_that_the_page_writes_is_python_and_new():
    files = list(FILE.finditer(PAGE.read_text()))
    assert len(files) >= 3
    for file in files:
        compile(file["text"], file["path"], "exec")
        assert not (ROOT / file["path"]).exists()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Do as the page says, in a copy of the package alone; return the copy."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(
        ROOT / "autograder", copy / "autograder", ignore=shutil.ignore_patterns("__pycache__")
    )
    page = PAGE.read_text()
    (line,) = LINE.finditer(page)
    table = copy / line["path"]
    before = table.read_text()
    after = re.sub(r"^(PARTS = \(\n.*?)^\)", rf"\1{line['text']})", before, flags=re.M | re.S)
    assert after.count("\n") == before.count("\n") + 1
    table.write_text(after)
    for file in FILE.finditer(page):
        path = copy / file["path"]
        assert not path.exists(), path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"])
    return copy


@pytest.fixture(scope="module")
def said(checkout):
    """Run the page's commands one after the other; return what each one printed."""
    printed = {}
    for command in "".join(COMMANDS.findall(PAGE.read_text())).splitlines():
        python, *arguments = shlex.split(command)
        assert python == "python"
        done = subprocess.run(
            [sys.executable, *arguments], cwd=checkout, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        printed[command] = done.stdout
    return printed


def result(folder: Path) -> dict:
    return json.loads((folder / "result.json").read_text())


@LONG
def test_the_page_has_every_file_that_its_table_names(checkout):
    named = re.findall(r"^\| \d \| `([^`]+)`", PAGE.read_text(), re.M)
    assert len(named) == 6
    for pattern in named:
        assert list(checkout.glob(pattern)), pattern


@LONG
def test_the_solution_earns_every_point(checkout, said):
    assert len(said) == 5
    graded = result(checkout / "graded")
    assert {c["name"]: c["message"] for c in graded["checks"] if c["status"] != "passed"} == {}
    assert graded["score"] == graded["max_score"] == 100


@LONG
def test_the_stub_earns_nothing_and_every_check_is_still_to_do(checkout, said):
    graded = result(checkout / "graded_stub")
    assert graded["score"] == 0
    assert {c["status"] for c in graded["checks"]} == {"skipped"}
    assert "return 2 * torch.rand" not in (checkout / "tiny" / "tiny_gan.py").read_text()


@LONG
def test_every_mistake_is_caught_and_named_and_the_variant_accepted(checkout, said):
    """`accuracy` ends with an error where a mistake loses other checks than it says."""
    told = said["python -m autograder accuracy tiny_gan"]
    mistakes = (checkout / "autograder/mistakes/tiny_gan.py").read_text().count("Mistake(\n")
    (row,) = re.findall(r"^│ all(.*)│$", told, re.M)
    counted, caught, exact, named, *_ = map(int, re.findall(r"\d+", row))
    assert counted == caught == exact == named == mistakes == 11
    assert re.search(r"correct variants +│ 1 +│\n│ that are graded as they say +│ 1 ", told)

"""A damaged notebook is put in order from the released one, and nothing of the student's is lost."""

from __future__ import annotations

import json

import nbformat
import pytest

from autograder.parts import ROOT
from autograder.platforms.nbgrader import hand_ins, reading
from autograder.platforms.nbgrader.course import student_notebooks
from tests.damages import DAMAGES, NAME

SOURCE = ROOT / "solutions" / NAME
ANSWER = "y: 1, 2, 1, -1, -2, -1, 1\nx: 1, -1, -2, -1, 1, 2, 1"
OWN = {"cell_type": "code", "metadata": {}, "id": "mine", "source": "my_own = 1"}
OWN |= {"outputs": [], "execution_count": None}


@pytest.fixture(scope="module")
def released():
    """Return the notebook that nbgrader hands out: students' own has no cells that it grades."""
    return student_notebooks({NAME: SOURCE.read_bytes()})[NAME]


@pytest.fixture
def folders(tmp_path, released):
    """Return a student's folder, in which the first question is answered, and the released one."""
    release, folder = tmp_path / "release", tmp_path / "submitted"
    release.mkdir(), folder.mkdir()
    (release / NAME).write_bytes(released)
    notebook = json.loads(released)
    for cell in notebook["cells"]:
        if cell["id"] == "question-1":
            cell["source"] = ANSWER
    notebook["cells"].insert(5, OWN)
    (folder / NAME).write_text(json.dumps(notebook))
    return folder, release


def cells(folder):
    notebook = nbformat.read(folder / NAME, as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def test_a_notebook_in_order_is_not_touched(folders):
    folder, release = folders
    before = (folder / NAME).read_bytes()
    assert hand_ins.repair_folder(folder, release) == []
    assert (folder / NAME).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [NAME]


@pytest.mark.parametrize("damage, found", DAMAGES.values(), ids=DAMAGES)
def test_every_released_cell_is_there_once_and_in_order(damage, found, folders):
    folder, release = folders
    damage(folder)
    handed_in = {path.name: path.read_bytes() for path in folder.glob("*.ipynb")}
    (line,) = hand_ins.repair_folder(folder, release)
    assert "was repaired" in line
    released = nbformat.read(release / NAME, as_version=4).cells
    known = [c for c in cells(folder) if "nbgrader" in c.metadata]
    wanted = [c for c in released if "nbgrader" in c.metadata]
    assert [(c.cell_type, c.metadata.nbgrader) for c in known] == [
        (c.cell_type, c.metadata.nbgrader) for c in wanted
    ]
    for cell, right in zip(known, wanted):
        if cell.metadata.nbgrader.locked:
            assert cell.source == right.source
    kept = {path.name: path.read_bytes() for path in (folder / hand_ins.ORIGINALS).glob("*")}
    assert kept == handed_in if handed_in else not kept


@pytest.mark.parametrize("damage, found", DAMAGES.values(), ids=DAMAGES)
def test_what_the_student_wrote_is_found_again_and_told(damage, found, folders):
    folder, release = folders
    damage(folder)
    hand_ins.repair_folder(folder, release)
    by_name = {c.metadata.nbgrader.grade_id: c for c in cells(folder) if "nbgrader" in c.metadata}
    answer = by_name["question_1"].source
    assert answer.split() == (ANSWER.split() if found else ["YOUR", "ANSWER", "HERE"])
    assert by_name["question_2"].source == "YOUR ANSWER HERE"
    own = any(cell.source == OWN["source"] for cell in cells(folder))
    assert own or not found
    assert "put in order before it was graded" in cells(folder)[0].source


def test_a_cell_of_code_behind_an_answer_is_no_part_of_it(folders):
    folder, release = folders
    notebook = json.loads((folder / NAME).read_text())
    at = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == "question-1")
    notebook["cells"].insert(at + 1, {**OWN, "id": "behind", "source": "loss = 3"})
    (folder / NAME).write_text(json.dumps(notebook))
    DAMAGES["metadata_lost"][0](folder)
    hand_ins.repair_folder(folder, release)
    sources = [cell.source for cell in cells(folder)]
    assert ANSWER in sources and sources[sources.index(ANSWER) + 1] == "loss = 3"


def test_repairing_twice_changes_nothing(folders):
    folder, release = folders
    DAMAGES["cells_copied"][0](folder)
    assert len(hand_ins.repair_folder(folder, release)) == 1
    before = (folder / NAME).read_bytes()
    assert hand_ins.repair_folder(folder, release) == []
    assert (folder / NAME).read_bytes() == before


def test_of_several_notebooks_the_one_like_the_released_is_taken(folders):
    folder, release = folders
    (folder / NAME).rename(folder / "Copy of homework.ipynb")
    (folder / "a.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
    (folder / "broken.ipynb").write_text("{")
    (line,) = hand_ins.repair_folder(folder, release)
    assert "it is called Copy of homework.ipynb" in line
    assert ANSWER in [cell.source for cell in cells(folder)]
    assert (folder / "a.ipynb").exists()  # another one is left where it is


def test_a_changed_copy_wins_over_the_released_text(folders):
    folder, release = folders
    notebook = json.loads((folder / NAME).read_text())
    at = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == "question-1")
    original = {**notebook["cells"][at], "source": "YOUR ANSWER HERE", "id": "first"}
    notebook["cells"].insert(at, original)
    (folder / NAME).write_text(json.dumps(notebook))
    hand_ins.repair_folder(folder, release)
    assert ANSWER in [cell.source for cell in cells(folder)]


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 10_000])
def test_what_is_no_notebook_is_told(data):
    notebook, damages = reading.read(data)
    assert notebook is None and len(damages) >= 1


def test_a_file_that_cannot_be_read_costs_its_own_student_alone(folders):
    folder, release = folders
    (folder / NAME).unlink()
    (folder / NAME).symlink_to("/nowhere")
    (line,) = hand_ins.repair_folder(folder, release)
    assert "was repaired" in line and cells(folder)

"""A course's own homework: a folder outside of this package, whose parts take the place of its own."""

from __future__ import annotations

import os
import sys

import pytest

from autograder import homework, parts
from autograder.errors import SourceError
from autograder.grading import grade
from autograder.homework import GROUP, VARIABLE
from autograder.parts import EXTRAS, OWN, PARTS
from autograder.staff import release
from autograder.staff.new_part import new_part


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Begin a homework with one part, and use it."""
    folder = tmp_path / "course"
    monkeypatch.setenv(VARIABLE, str(folder))
    new_part("wine", ["blend", "pour"], "How wine is made", languages=())
    return folder


def test_without_a_homework_the_parts_are_this_packages_own(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert tuple(PARTS) == OWN and not any(part.outside for part in parts.known())


def test_its_parts_take_the_place_of_this_packages_own(course):
    (part,) = PARTS
    assert (part.name, part.title, part.outside) == ("wine", "How wine is made", True)
    assert not list(EXTRAS) and parts.known() == [part]
    assert parts.get("wine") is PARTS[0], "equal parts are one, as caches want them"
    for path in (part.solution, part.probes, part.suite, part.mistakes, part.variants):
        assert path.exists() and path.is_relative_to(course)
    with pytest.raises(SourceError, match=r"there is no part 'dcgan'; the parts are: wine$"):
        parts.get("dcgan")


def test_what_a_solution_imports_is_read_from_it(course):
    solution = PARTS[0].solution
    more = "import os\nfrom PIL import Image\nimport barrels\nimport torch.nn as nn\n"
    solution.write_text(solution.read_text().replace("import torch\n", more, 1))
    (solution.parent / "barrels.py").write_text("SIZE = 225\n")
    assert PARTS[0].imports == ("torch", "numpy", "PIL")
    assert PARTS[0].modules == ("barrels",)


def test_a_students_file_that_cannot_be_read_is_still_a_part(course, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(course / "copy"))
    (course / "copy" / "probes").mkdir(parents=True)
    (course / "copy" / "probes" / "wine.py").write_text("")
    assert [part.title for part in PARTS] == ["wine"]
    (course / "copy" / "wine.py").write_text('"""How wine is made.')
    assert [part.title for part in PARTS] == ["wine"]


@pytest.mark.parametrize("command", ["grade", "check", "grade-class", "record", "accuracy"])
def test_a_folder_that_is_no_homework_is_told(command, autograder, tmp_path):
    words = {"grade-class": ["--output", "out"]}.get(command, [])
    (tmp_path / "empty").mkdir()
    given = [] if command in ("record", "accuracy") else ["empty"]
    done = autograder(command, *given, *words, "--homework", "nowhere")
    assert done.exit_code == 1 and "nowhere: there is no such folder" in done.stderr
    done = autograder(command, *given, *words, "--homework", "empty")
    assert done.exit_code == 1 and "empty: holds no homework" in done.stderr
    assert VARIABLE not in os.environ


def test_an_installed_homework_is_found_by_its_name(course, tmp_path, monkeypatch):
    place = tmp_path / "installed"
    (place / "wine_course").mkdir(parents=True)
    (place / "wine_course" / "__init__.py").write_text("raise SystemExit('imported')\n")
    about = place / "wine_course-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wine-course\nVersion: 1\n")
    (about / "entry_points.txt").write_text(f"[{GROUP}]\ncellar = wine_course\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(place)])
    assert homework.located("cellar") == (place / "wine_course").resolve()
    with pytest.raises(SourceError, match="vineyard: there is no such folder, and no installed"):
        homework.located("vineyard")


PRYING = """
import os, torch

def blend(x):
    for folder, _, files in os.walk({course!r}):
        for file in files:
            open(os.path.join(folder, file)).read()
            raise RuntimeError("could read " + file)
    return torch.mean(x**2)
"""


@pytest.mark.exhaustive(reason="8 s: a part is recorded, released, graded and checked")
def test_it_is_recorded_released_and_graded_and_hidden_from_what_is_graded(
    course, autograder, tmp_path
):
    told = ["--homework", course]
    assert autograder("record", "wine", *told).exit_code == 0
    assert autograder("release", *told).exit_code == 0
    assert release.verify(PARTS, PARTS[0].stub.parent) == []
    released = course / "assignment"
    public = (released / "suites" / "test_wine.py").read_text()
    assert "blend_value" in public and "blend_gradient" not in public
    class_folder = tmp_path / "class"
    for name, text in (("ana", PARTS[0].solution.read_text()), ("ben", PRYING)):
        (class_folder / name).mkdir(parents=True)
        (class_folder / name / "wine.py").write_text(text.replace("{course!r}", repr(str(course))))
    done = autograder("grade-class", class_folder, "--output", "out", *told)
    assert done.exit_code == 0, done.output
    rows = (tmp_path / "out" / "gradebook.csv").read_text()
    assert "wine,100,100" in rows and "wine,50,100" in rows
    assert autograder("rescore", "out", *told).exit_code == 0
    (graded,) = grade(released, public=released / "public_checks.npz")
    assert graded.part is PARTS[0] and graded.result.score == 0


def test_a_bundle_of_it_is_refused(course, autograder):
    done = autograder("bundle", "otter", "--output", "hw")
    assert done.exit_code == 1 and "none of another --homework" in done.stderr

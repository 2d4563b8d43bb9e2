"""The README of a released folder speaks of the files that lie in it, and of no others."""

from __future__ import annotations

import re

import pytest

from autograder import parts
from autograder.parts import PARTS
from autograder.staff import release

FILE = re.compile(r"[\w.]+\.(?:py|ipynb|npz)\b")
READMES = {"README.md", "README.zh.md"}
KERAS = parts.get("dcgan_keras")
CHOICES = [*([part] for part in PARTS), [KERAS], [PARTS[2], KERAS], list(PARTS)]


@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: "+".join(p.name for p in chosen))
def test_the_readme_names_every_file_of_the_release_and_no_other(chosen, tmp_path):
    release.release(chosen, tmp_path)
    text = (tmp_path / "README.md").read_text()
    released = {path.name for path in tmp_path.iterdir()} - READMES
    assert set(FILE.findall(text)) == released
    chinese = (tmp_path / "README.zh.md").read_text(encoding="utf-8")
    assert set(FILE.findall(chinese)) == released
    for part in chosen[1:]:
        assert f"- `{part.solution.name}`: {part.title}" in text
    main = chosen[0].name
    also = " and, if your course wants it, the notebook" if f"{main}.ipynb" in released else ""
    assert f"4. Hand in `{main}.py`{also}.\n" in text


@pytest.mark.parametrize("language", ["", "zh"])
def test_the_readme_of_a_course_names_its_one_notebook(language, tmp_path):
    release.release_course(PARTS[0], tmp_path, language)
    folder = tmp_path / "source" / PARTS[0].name
    text = (folder / "README.md").read_text()
    assert set(FILE.findall(text)) == {path.name for path in folder.iterdir()} - READMES
    assert ("(Chinese)" if language else "(English)") in text


def test_a_part_without_a_file_of_its_own_adds_nothing(tmp_path):
    learning = parts.get("gan_learning")
    both = release._readme([PARTS[0], learning], {PARTS[0].name: {}, learning.name: {}})
    assert both == release._readme(PARTS[:1], {PARTS[0].name: {}})
    assert release._readme([learning], {learning.name: {}}) == {}

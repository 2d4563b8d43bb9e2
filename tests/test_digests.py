"""What of a stored result still holds: a change of the package that matters is never missed."""

from __future__ import annotations

import shutil

import pytest

from autograder import parts
from autograder.batch import digests
from autograder.parts import PACKAGE
from autograder.running.warm import Settings

PART = parts.get("gan_pytorch")
RUNS = ("worker", "probing", "running")
JUDGES = ("judging", "reports", "handins", "batch")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a copy of the package, of which the digests are taken."""
    copy = tmp_path / "autograder"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(digests, "PACKAGE", copy)
    return copy


def of_running():
    return digests.of_running(PART, Settings(PART.name))


def of_judging():
    return digests.of_judging(PART)


def changes(path, digest):
    """Tell whether a digest changes with a line at the end of a file, and back."""
    before, data = digest(), path.read_bytes()
    path.write_bytes(data + b"\n# changed\n")
    changed = digest() != before
    path.write_bytes(data)
    assert digest() == before
    return changed


def files(package, folders):
    found = [path for name in folders for path in (package / name).rglob("*") if path.is_file()]
    assert len(found) > len(folders)
    return found


@pytest.mark.parametrize("folder", JUDGES)
def test_a_change_of_what_judges_or_is_shown_judges_again(package, folder):
    for path in files(package, [folder]):
        assert changes(path, of_judging), path
        assert not changes(path, of_running), path


@pytest.mark.parametrize("folder", RUNS)
def test_a_change_beside_student_code_runs_again(package, folder):
    for path in files(package, [folder]):
        assert changes(path, of_running), path


def test_pictures_are_part_of_the_pages(package):
    assert changes(package / "reports" / "pictures.py", of_judging)


def test_the_ground_floor_judges_again_and_of_it_the_form_of_outputs_alone_runs_again(package):
    for path in package.glob("*.py"):
        assert changes(path, of_judging), path
        assert changes(path, of_running) is (path.name == "outputs.py"), path


def test_a_change_of_the_comparisons_runs_nothing_again(package):
    assert changes(package / "compare.py", of_judging)
    assert not changes(package / "compare.py", of_running)


def test_a_new_file_and_one_that_is_gone_count_too(package):
    before = of_running(), of_judging()
    for folder in ("worker", "reports"):
        (package / folder / "added.py").write_text("")
    added = of_running(), of_judging()
    assert not {*added} & {*before}
    (package / "worker" / "run.py").unlink()
    (package / "reports" / "words.py").unlink()
    assert not {of_running(), of_judging()} & {*before, *added}


def test_what_python_leaves_in_folders_does_not_count(package):
    before = of_running(), of_judging()
    for folder in ("worker", "reports"):
        (package / folder / "__pycache__").mkdir()
        (package / folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert (of_running(), of_judging()) == before


def test_what_decides_about_outputs_besides_the_package_counts():
    settings = [Settings(PART.name), Settings(PART.name, isolation="none"), Settings("dcgan")]
    part_of = [PART, PART, parts.get("dcgan")]
    found = {digests.of_running(part, one) for part, one in zip(part_of, settings)}
    assert len(found) == 3
    assert digests.of_judging(PART) != digests.of_judging(parts.get("dcgan"))

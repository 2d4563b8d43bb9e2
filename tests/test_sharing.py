"""One course's sentences in a file, and another course that takes them in."""

from __future__ import annotations

import re

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.batch.reviewing import Reviews
from autograder.cli.main import main
from autograder.judging import named
from autograder.judging.fingerprints import load_fingerprints, pack
from autograder.judging.scoring import Judge
from autograder.outputs import read_npz, write_npz
from tests.invented import PART, Wrong, outputs_of, write_class
from tests.selection import sample

LS, GEN = "ls_generator_loss", "generator_loss"
MISSING = "from your code: FileNotFoundError: [Errno 2] No such file: '/home/ana/x.npz'"
STUDENTS = {
    "ana": {LS: Wrong(1.5, code="my_own_words = 1")},
    "ben": {GEN: Wrong(3.0)},
    "cy": {"sample_noise": Wrong(error="from your code: NameError: name 'x' is not defined")},
    "dora": {"discriminator": Wrong(error=MISSING)},
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sharing") / "results"
    with Judge.for_staff(PART) as judge:
        write_class(folder, STUDENTS, judge)
    return folder


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a function that moves to a course of a name: each keeps its own sentences."""

    def move(name):
        monkeypatch.setattr(named, "folder_of", lambda part: tmp_path / name / part.name)
        return tmp_path / name / PART.name

    move("first")
    return move


@pytest.fixture
def shared(graded, course, tmp_path):
    """Return the file of a course that named all of its groups."""
    reviews = Reviews(graded)
    for one in reviews.look():
        reviews.save(one.id, f"What is wrong in {one.group.function}.", one.version)
    done = run("--share", tmp_path / "names.npz")
    assert done.exit_code == 0, done.output
    return tmp_path / "names.npz"


def run(*arguments):
    return CliRunner().invoke(main, ["name", *map(str, arguments)])


def test_another_course_reads_the_sentences_at_once(shared, course):
    course("second")
    done = run("--take", shared)
    assert done.exit_code == 0 and "3 sentences taken in, 0 there already" in done.output
    with Judge.for_staff(PART) as judge:
        lost = [c for c in judge.score(outputs_of({LS: Wrong(1.5)})) if c.status != "passed"]
    assert {check.message for check in lost} == {f"What is wrong in {LS}."}
    assert named.stale(PART) == []
    assert "0 sentences taken in, 3 there already" in run("--take", shared).output


def test_the_file_holds_no_code_no_name_and_no_path(shared):
    arrays, about = read_npz(shared)
    text = f"{about} {[*arrays]}"
    assert len(about["names"]) == 3
    for private in ("my_own_words", "ana", "ben", "/home", "FileNotFound", "earlier", "when"):
        assert not re.search(rf"\b{private}\b", text), private
    said = run("--share", shared).output
    assert "3 sentences" in said and "1 left out" in said
    assert "it repeats this error: error: NameError: name 'x' is not defined" in said


def test_what_is_there_under_another_id_is_not_taken_twice(shared, course):
    """With two names for one mistake, none would be told."""
    folder = course("second")
    with Judge.for_staff(PART) as judge:
        wrong = outputs_of({LS: Wrong(1.5)})
        named.write_name(PART, f"{LS}-12345678", LS, "Ours.", [f"{LS}_value"], wrong, judge.answers)
    assert "2 sentences taken in, 1 there already" in run("--take", shared).output
    assert len(list(folder.glob(f"{LS}-*.npz"))) == 1


def test_what_is_listed_here_is_not_taken(shared, course):
    course("second")
    listed = load_fingerprints(PART.fingerprints)
    function = PART.functions()[0]
    own = set(PART.probes_of(function))
    known = next(one for one in listed.values() if one.keys() <= own)
    arrays, errors = pack({"x": known})
    _, about = read_npz(shared)
    entry = about["names"][0] | {"id": f"{function}-12345678", "function": function}
    about["names"] = [entry | {"errors": errors["x"]}]
    moved = {f"{PART.name}/{entry['id']}/{key[2:]}": array for key, array in arrays.items()}
    write_npz(shared, moved, about)
    assert "0 sentences taken in, 1 there already" in run("--take", shared).output


def test_what_other_probes_made_is_left_out(shared, course, monkeypatch):
    folder = course("second")
    monkeypatch.setattr(named, "probes_hash", lambda part: "other")
    said = run("--take", shared).output
    assert "0 sentences taken in" in said and "3 left out: made by other probes" in said
    assert not folder.exists()


def spoiled(shared, **changes):
    """Write the file anew with one of its entries changed."""
    arrays, about = read_npz(shared)
    about["names"][0] |= changes
    write_npz(shared, arrays, about)


@pytest.mark.parametrize(
    "changes",
    sample(
        [
            {"id": "../../escaped-12345678"},
            {"id": ""},
            {"says": ""},
            {"says": "x" * 601},
            {"says": None, "loses": []},
            {"function": "no_such_function"},
            {"errors": {}},
            {"errors": None},
        ],
        every=4,
    ),
)
def test_an_entry_that_cannot_be_a_mistake_is_told_in_one_line(shared, course, changes):
    folder = course("second")
    spoiled(shared, **changes)
    done = run("--take", shared)
    assert done.exit_code == 1 and "not a file of shared sentences" in done.output
    assert len(done.output.splitlines()) == 1 and not folder.exists()


def test_a_damaged_or_foreign_file_is_told_in_one_line(shared, course, tmp_path):
    folder = course("second")
    cut = tmp_path / "cut.npz"
    cut.write_bytes(shared.read_bytes()[:-40])
    text = tmp_path / "text.txt"
    text.write_text("no archive")
    mixed = tmp_path / "mixed.npz"
    arrays, about = read_npz(shared)
    write_npz(mixed, arrays | {"a/b/c/d": np.zeros(1)}, about)
    for path in (cut, text, mixed, PART.answers, tmp_path / "missing", tmp_path):
        done = run("--take", path)
        assert done.exit_code == 1 and len(done.output.splitlines()) == 1, done.output
        assert str(path) in done.output
    assert not folder.exists()


def test_a_course_without_names_has_nothing_to_share(course, tmp_path):
    course("empty")
    done = run("--share", tmp_path / "names.npz")
    assert done.exit_code == 1 and "no mistake was named" in done.output
    assert not (tmp_path / "names.npz").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["results", "--take", "x"], ["--share", "a", "--take", "b"]]
)
def test_it_is_said_what_to_give(arguments):
    done = run(*arguments)
    assert done.exit_code == 2 and "give RESULTS, or --share FILE, or --take FILE" in done.output

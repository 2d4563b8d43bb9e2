"""Earlier attempts of a student are kept when the next one is graded, and are linked."""

from __future__ import annotations

import dataclasses

import pytest

from autograder.batch.attempts import about_of, keep_attempt
from autograder.batch.store import Store
from autograder.results import Result

ABOUT = {"file": "gan_pytorch.py", "submitted": "2026-03-01T18:00:00+00:00", "late": True}
RESULT = Result("gan_pytorch", "ada", 0.0, 100.0, ())


def mark(handed):
    return {"run": "r", "judged": "j", "outputs": "o", "fragments": {}, "handed": handed,
            "about": ABOUT}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def grade(store, handed, score=0.0, write=True):
    """Do what a run does with a result; return the number of the attempt."""
    new = mark(handed)
    new["attempt"] = keep_attempt(store, "ada", new)
    if write:
        page = f'<a href="attempts/1/feedback.html">{score:g}</a>'
        store.write_result("ada", dataclasses.replace(RESULT, score=score), page, new)
    return new["attempt"]


def kept(store):
    return sorted(path.parent.name for path in store.of("ada").glob("attempts/*/feedback.html"))


def test_another_hand_in_is_another_attempt_and_the_one_before_is_kept(store):
    assert [grade(store, text, score) for text, score in (("a", 1.0), ("b", 2.0), ("c", 3.0))] == [
        1, 2, 3,
    ]  # fmt: skip
    assert kept(store) == ["1", "2"]
    about = about_of(store, "ada", store.result("ada")[1], "way/")
    assert [(one.number, one.score, one.link) for one in about.earlier] == [
        (1, 1.0, "way/attempts/1/feedback.html"),
        (2, 2.0, "way/attempts/2/feedback.html"),
    ]
    assert (about.file, about.late, about.attempt) == ("gan_pytorch.py", True, 3)
    page = (store.of("ada") / "attempts" / "2" / "feedback.html").read_text()
    assert page == '<a href="../1/feedback.html">2</a>'


def test_the_same_hand_in_graded_again_is_the_same_attempt(store):
    assert [grade(store, text) for text in "aaba"] == [1, 1, 2, 3]


def test_a_run_that_is_killed_before_it_writes_keeps_the_same_again(store):
    grade(store, "a", 1.0)
    assert [grade(store, "b", write=False) for _ in range(3)] == [2, 2, 2]
    assert grade(store, "b", 2.0) == 2
    assert kept(store) == ["1"]


def test_nothing_handed_in_is_no_attempt(store):
    assert [grade(store, text) for text in ("", "a")] == [1, 1]
    assert kept(store) == []


@pytest.mark.parametrize("damage", ["result", "page"])
def test_what_is_damaged_is_not_kept(store, damage):
    grade(store, "a")
    if damage == "page":
        (store.of("ada") / "feedback.html").unlink()
    else:
        (store.of("ada") / "result.json").write_bytes(RESULT.to_bytes() + b" ")
    assert grade(store, "b") == 1
    assert kept(store) == []


def test_a_mark_of_an_older_run_tells_nothing_of_the_hand_in(store):
    about = about_of(store, "ada", {"run": "r", "attempt": "many", "about": ["x"]})
    assert (about.file, about.submitted, about.attempt, about.earlier) == ("", "", 0, ())

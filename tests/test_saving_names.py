"""What saving, renaming and undoing on the page do, by one person and by several at once."""

from __future__ import annotations

import threading

import pytest

from autograder.batch import naming
from autograder.batch.explained import Explanations
from autograder.batch.store import Store
from autograder.judging import named
from autograder.judging.scoring import Judge
from autograder.judging.shown import shown
from autograder.review import site
from autograder.review.writing import Writer, Written
from tests.asking_pages import fields, words
from tests.invented import PART, Wrong, write_class
from tests.reviewed import (
    GEN,
    LS,
    STUDENTS,
    copy_for,
    group_of,
    kept,
    opened,
    really,
    write_original,
)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return write_original(tmp_path_factory.mktemp("review") / "results")


@pytest.fixture
def graded(original, tmp_path, monkeypatch):
    return copy_for(tmp_path, original, monkeypatch)


def test_a_sentence_is_on_the_pages_of_the_whole_group_and_comes_off_again(graded):
    client, id = opened(graded, really), group_of(graded).id
    page = client.follow(client.send(client.ask("/"), "/save", says="Not <b>halved</b>.\n "))
    said = words(page.text)
    assert (
        "Saved. 3 students read it now." in said and "gan_pytorch.named for the next class" in said
    )
    assert "Next group without a sentence: 2 students" in said and "named 3 students" in said
    for key in ("ana", "ben", "<i>cy"):
        result, _ = Store(graded).result(key)
        assert {c.message for c in result.checks if c.mistake == id} == {"Not <b>halved</b>."}
        assert "Not &lt;b&gt;halved" in (Store(graded).of(key) / "feedback.html").read_text()
    assert "Not &lt;b&gt;halved" in (graded / "index.html").read_text()

    page = client.follow(client.send(page, "/undo"))
    assert "3 students have no sentence again. It was: Not <b>halved</b>." in words(page.text)
    assert fields(page.text, "/save")["says"] == "Not <b>halved</b>."  # to mend it
    result, _ = Store(graded).result("ben")
    assert not any(check.mistake for check in result.checks)
    assert kept() == {} and group_of(graded).id == id


def test_renaming_can_be_undone_step_by_step(graded):
    client = opened(graded)
    page = client.ask("/")
    for says in ("First.", "Second.", "Second.", "Third."):
        page = client.follow(client.send(page, "/save", says=says))
    (one,) = named.load_named(PART)
    assert (one.mistake.says, one.earlier) == ("Third.", ("First.", "Second."))
    for says in ("Second.", "First."):
        page = client.follow(client.send(page, "/undo"))
        assert list(kept().values()) == [says]
    client.send(page, "/undo")
    assert kept() == {}


@pytest.mark.exhaustive(
    reason="the class is judged five times; a person's sentence is taken back above"
)
def test_what_the_search_explained_is_renamed_and_taken_back_too(graded):
    before = group_of(graded)
    seen = shown(PART, LS, Store(graded).outputs("ana"))
    Explanations.of(graded, PART).add(LS, "The search's.", before.group.checks, seen)
    client = opened(graded, really)
    really(graded)
    page = client.ask(f"/?group={group_of(graded).id}")
    assert "✓ by the search 3 students" in words(page.text)
    page = client.follow(client.send(page, "/save", says="A person's."))
    assert "3 students read it now" in words(page.text) and kept() == {}
    page = client.follow(client.send(page, "/undo"))
    assert fields(page.text, "/save")["says"] == "The search's."
    page = client.follow(client.send(page, "/undo"))
    assert "3 students have no sentence again" in words(page.text)
    assert fields(page.text, "/save")["id"] == before.id  # the group has its own id again
    client.send(page, "/save", says="A person's, for the next class, too.")
    assert list(kept()) == [before.id]


def test_of_two_who_save_for_one_group_neither_loses_a_sentence(graded):
    one, two = opened(graded), opened(graded)
    before = two.ask("/")
    one.send(one.ask("/"), "/save", says="The first one's.")
    refused = two.send(before, "/save", says="The second one's.")
    assert refused.status == 409 and list(kept().values()) == ["The first one's."]
    said = words(refused.text)
    assert "Theirs: The first one's. Yours: The second one's." in said
    page = two.follow(two.send(refused, "/save"))  # the form holds their own
    assert list(kept().values()) == ["The second one's."]
    two.send(page, "/undo")
    assert list(kept().values()) == ["The first one's."]
    late = one.send(page, "/undo")
    assert late.status == 409 and list(kept().values()) == ["The first one's."]


def test_two_who_save_at_once_for_two_groups_of_one_student_lose_nothing(graded):
    groups = {function: group_of(graded, function).id for function in (LS, GEN)}

    def save(function):
        client = opened(graded, really)
        page = client.ask(f"/?group={groups[function]}")
        assert client.send(page, "/save", says=f"About {function}.").status == 303

    threads = [threading.Thread(target=save, args=(function,)) for function in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result, _ = Store(graded).result("ana")
    told = {check.message for check in result.checks if check.status != "passed"}
    assert told == {f"About {LS}.", f"About {GEN}."}


def test_the_terminal_and_the_page_see_each_other(graded):
    client, id = opened(graded), group_of(graded).id
    before = client.ask("/")
    naming.name_group(graded, id, "From the terminal.")
    assert "From the terminal." in words(client.ask("/").text)
    assert client.send(before, "/save", says="From the page.").status == 409
    naming.remove_name(graded, id)
    assert client.follow(client.send(before, "/save", says="From the page.")).status == 200


@pytest.mark.parametrize("says", ["", " \n ", "x" * 601])
def test_a_sentence_that_is_empty_or_endless_is_told_and_kept_in_the_form(graded, says):
    client = opened(graded)
    answer = client.send(client.ask("/"), "/save", says=says)
    assert answer.status == 400 and "1 to 600 characters" in answer.text
    assert fields(answer.text, "/save")["says"].strip() == says.strip()
    assert kept() == {}


def test_a_class_that_was_graded_again_meanwhile_names_nothing_wrong(graded):
    client = opened(graded)
    page = client.ask("/")
    with Judge.for_staff(PART) as judge:  # the first member has mended it
        write_class(graded, STUDENTS | {"<i>cy": {LS: Wrong(7.0)}}, judge)
    answer = client.send(page, "/save", says="The sentence.")
    assert answer.status == 409 and kept() == {}
    assert "The sentence." in words(answer.text)


def test_nobody_waits_for_the_pages_of_a_large_class(graded, monkeypatch):
    monkeypatch.setattr(site, "SOON", 0.01)
    go_on = threading.Event()

    def write(folder):
        go_on.wait()
        return Written(0)

    client = opened(graded, write)
    page = client.follow(client.send(client.ask("/"), "/save", says="The sentence."))
    said = words(page.text)
    assert "3 students read it when their pages are written" in said
    assert "The pages are being written" in said and "Nobody reads" not in said
    go_on.set()


def test_a_sentence_that_no_student_gets_is_told(graded):
    client = opened(graded, lambda folder: Written(0, ("the disk is full",)))
    page = client.follow(client.send(client.ask("/"), "/save", says="The sentence."))
    said = words(page.text)
    assert "on no page yet" in said and "the disk is full" in said and "autograder rescore" in said
    assert list(kept().values()) == ["The sentence."]


def test_many_sentences_are_written_together_and_nobody_waits(tmp_path):
    begun, go_on, times = threading.Event(), threading.Event(), []

    def write(folder):
        times.append(folder)
        begun.set()
        go_on.wait()
        return Written(len(times))

    writer = Writer(tmp_path, write)
    writer.ask()
    begun.wait()
    for _ in range(5):
        writer.ask()
    assert writer.busy and not writer.wait(0.01)
    go_on.set()
    assert writer.wait() and writer.last == Written(2) and len(times) == 2
    writer.ask()
    assert writer.wait() and len(times) == 3

"""Students with the same mistake that has no name are one group, and one sentence reaches them all."""

from __future__ import annotations

import dataclasses
import re

import pytest
from click.testing import CliRunner

from autograder import parts
from autograder.batch import naming
from autograder.batch.groups import groups
from autograder.batch.store import Store
from autograder.cli.main import main
from autograder.errors import AutograderError
from autograder.judging import named
from autograder.parts import get
from tests.written import write

PART = get("gan_pytorch")
SOURCE = PART.solution.read_text(encoding="utf-8")
# Three ways to write one mistake, and one of another.
SQUARES = {
    "ana": "return ((scores_fake - 1) ** 4).mean()",
    "ben": "a = scores_fake - 1\n    return torch.mean(a * a * a * a)",
    "cy": "return (1 - scores_fake).pow(2).square().mean()",
    "dora": "return ((scores_fake - 1) ** 6).mean()",
    "eve": "return nothing_of_that_name(scores_fake)",
    "fay": "x = nothing_of_that_name\n    return x",
}


def with_body(function: str, body: str) -> str:
    pattern = rf"(def {function}\(.*?### BEGIN SOLUTION\n)(.*?)(    ### END SOLUTION)"
    return re.sub(pattern, lambda m: f"{m[1]}    {body}\n{m[3]}", SOURCE, count=1, flags=re.S)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return the folder of a graded class, and its copy of the stored answers."""
    top = tmp_path_factory.mktemp("class")
    for student, body in SQUARES.items():
        code = with_body("ls_generator_loss", body)
        write(top / "in" / student, {"gan_pytorch.py": code.encode()})
    write(top / "in" / "right", {"gan_pytorch.py": SOURCE.encode()})
    done = CliRunner().invoke(
        main,
        [
            "grade-class",
            str(top / "in"),
            *("--part", PART.name),
            "--no-search",
            *("--output", str(top / "out")),
        ],
    )
    assert done.exit_code == 0, done.output
    return top / "out"


@pytest.fixture
def names(tmp_path, monkeypatch):
    """Keep named mistakes of this test beside its other files."""
    monkeypatch.setattr(named, "folder_of", lambda part: tmp_path / f"{part.name}.named")
    return tmp_path / f"{PART.name}.named"


def run(*arguments):
    return CliRunner().invoke(main, ["name", *map(str, arguments)])


def sentence_of(folder, student):
    result, _ = Store(folder).result(student)
    assert result is not None
    return next(c.message for c in result.checks if c.function == "ls_generator_loss")


def test_those_who_return_the_same_are_one_group_however_they_wrote_it(graded):
    found = [set(group.members) for _, group in naming.groups_of(graded)]
    assert found == [{"ana", "ben", "cy"}, {"eve", "fay"}, {"dora"}]
    page = (graded / "index.html").read_text()
    assert "Not named yet" in page
    assert "return ((scores_fake - 1) ** 4).mean()" in page  # as one of them wrote it


def test_a_sentence_reaches_the_whole_group_and_can_be_changed_and_forgotten(graded, names):
    (group, *_) = [one for _, one in naming.groups_of(graded)]
    before = {student: Store(graded).result(student)[0].score for student in SQUARES}
    done = run(graded, group.id, "The fourth power is taken, not the square.")
    assert done.exit_code == 0, done.output
    assert "named for 3 students" in done.output
    for student in ("ana", "ben", "cy"):
        assert sentence_of(graded, student) == "The fourth power is taken, not the square."
        page = (graded / "results" / student / "feedback.html").read_text()
        assert "The fourth power is taken" in page
    assert "fourth" not in sentence_of(graded, "dora")
    assert before == {student: Store(graded).result(student)[0].score for student in SQUARES}
    assert group.id not in [one.id for _, one in naming.groups_of(graded)]

    assert run(graded, group.id, "Squared twice.").exit_code == 0
    assert sentence_of(graded, "ben") == "Squared twice."
    assert run(graded, group.id, "--undo").exit_code == 0
    assert "Squared" not in sentence_of(graded, "ben")
    assert list(names.glob("*")) == []


def test_the_next_class_reads_the_sentence_at_once(graded, names, grader, tmp_path):
    (group, *_) = [one for _, one in naming.groups_of(graded)]
    naming.name_group(graded, group.id, "The fourth power is taken.")
    code = with_body("ls_generator_loss", "p = (scores_fake - 1) ** 2\n    return (p * p).mean()")
    write(tmp_path / "next" / "gus", {"gan_pytorch.py": code.encode()})
    done = CliRunner().invoke(
        main,
        [
            "grade-class",
            str(tmp_path / "next"),
            "--part",
            PART.name,
            "--output",
            str(tmp_path / "o"),
        ],
    )
    assert done.exit_code == 0, done.output
    assert sentence_of(tmp_path / "o", "gus") == "The fourth power is taken."


def test_the_list_shows_groups_and_what_to_type(graded, names):
    shown = run(graded).output
    assert "not named yet: 6 students" in shown
    assert "autograder name" in shown


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["no-such-group", "A sentence."], "no group and no named mistake"),
        (["no-such-group", "--undo"], "no mistake was named so"),
        (["../../x", "--undo"], "no mistake was named so"),
        (["group"], "give a SENTENCE"),
        (["group", "A sentence.", "--undo"], "give a SENTENCE"),
    ],
)
def test_what_cannot_be_named_is_told_in_one_line(arguments, complaint, graded, names):
    done = run(graded, *arguments)
    assert done.exit_code != 0
    assert complaint in done.output


def test_a_sentence_that_is_empty_or_endless_is_refused(graded, names):
    (group, *_) = [one for _, one in naming.groups_of(graded)]
    for sentence in ("", "  \n ", "x" * 700):
        with pytest.raises(AutograderError, match="1 to 600 characters"):
            naming.name_group(graded, group.id, sentence)
    assert list(names.glob("*")) == []


def test_names_that_other_probes_made_are_told(graded, names, monkeypatch):
    (group, *_) = [one for _, one in naming.groups_of(graded)]
    naming.name_group(graded, group.id, "The fourth power is taken.")
    assert named.stale(PART) == []
    monkeypatch.setattr(named, "probes_hash", lambda part: "other")
    assert named.stale(PART) == [group.id]


def test_nobody_is_grouped_with_those_whose_code_says_nothing(graded):
    """A time limit, or a function that is still to do, is no mistake in common."""
    result, _ = Store(graded).result("ana")
    checks = tuple(dataclasses.replace(c, status="skipped", mistake=None) for c in result.checks)
    silent = dataclasses.replace(result, checks=checks)
    assert groups(PART, {"ana": silent}, Store(graded).outputs) == []
    assert parts.get(PART.name) == PART

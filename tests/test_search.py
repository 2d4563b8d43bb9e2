"""What is in no list is explained by edits of the solution that show the same, or by nothing."""

from __future__ import annotations

import json
import shutil
import time

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.batch.explained import Explanations
from autograder.batch.searching import Wanted, explain_class, lost
from autograder.batch.store import ClassRecord, HandedIn, Store
from autograder.cli.main import main
from autograder.errors import AutograderError
from autograder.handins.layouts.entry import Person
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.judging.shown import shown, shown_right
from autograder.mistake import Mistake, function_in, load_mistakes, swap
from autograder.outputs import dumps
from autograder.parts import get
from autograder.search.explain import OR, explain
from autograder.search.ranking import ranked
from autograder.search.trying import Tries
from autograder.staff.pairs import PairTried, try_pairs
from tests.conftest import QUICK
from tests.written import write

PART = get("gan_pytorch")
SOURCE = PART.solution.read_text(encoding="utf-8")
MISTAKES = load_mistakes(PART)
LONG = pytest.mark.exhaustive(reason="seconds for every function; two are tried always")


@pytest.fixture(scope="module")
def judge():
    with Judge.for_staff(PART) as judge:
        yield judge


@pytest.fixture(scope="module")
def tries(grader, tmp_path_factory):
    return Tries(PART, MISTAKES, lambda: grader.workers, tmp_path_factory.mktemp("edits"))


def candidate(tries, id):
    function = next(one.function for one in tries.mistakes if one.id == id)
    found = (one for one in tries.candidates(function) if one.edit.id == id)
    return next(found)


def search(tries, judge, function, seen, seconds=20.0):
    right = shown_right(PART, function, judge.answers)
    return explain(tries, function, seen, right, seconds)


def shown_of(tries, function, one):
    seen = shown(PART, function, tries.outputs(function, one))
    assert seen is not None
    return seen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ls-generator-sum", "ls-generator-detached"),
        ("generator-loss-half-label", "generator-loss-halved"),
        pytest.param("generator-gelu", "generator-unit-range", marks=LONG),
    ],
)
def test_two_mistakes_in_one_function_are_found_and_both_told(one, other, tries, judge):
    first, second = candidate(tries, one), candidate(tries, other)
    function = next(m.function for m in MISTAKES if m.id == one)
    pair = tries.joined(function, first, second)
    found = search(tries, judge, function, shown_of(tries, function, pair)).candidate
    assert found is not None
    ways = [set(way.split(" Also: ")) for way in found.says.split(OR)]
    assert {first.says, second.says} in ways
    assert lost(judge, tries, function, found)


def test_what_no_edits_make_gets_no_name_and_the_search_ends_in_time(tries, judge):
    function = "ls_generator_loss"
    body = "    return ((scores_fake - 1).abs() ** 1.7).mean() + scores_fake.std()\n"
    head = function_in(SOURCE, function).partition('"""')[0]
    wrong = candidate(tries, "ls-generator-sum")
    strange = type(wrong)(wrong.edit, "", head + body)
    seen = shown_of(tries, function, strange)
    tries.singles(function, time.monotonic() + 60)
    before, started = tries.runs, time.monotonic()
    ended = search(tries, judge, function, seen, seconds=1.0)
    assert ended.candidate is None and ended.whole
    assert tries.runs > before
    assert time.monotonic() - started < 5


def test_an_error_alone_is_no_evidence(tries, judge):
    before = tries.runs
    seen = {"ls_generator_loss": "error: NameError: name 'x' is not defined"}
    assert search(tries, judge, "ls_generator_loss", seen).candidate is None
    assert tries.runs == before


def small(grader, folder, *mistakes):
    """Return tries that know a few edits only."""
    tries = Tries(PART, mistakes, lambda: grader.workers, folder)
    listed = [one for one in tries.candidates("ls_generator_loss") if one.listed]
    tries._singles["ls_generator_loss"] = listed
    return tries


def mistake(id, where, new, says):
    return Mistake(id, swap(where, new), says, function="ls_generator_loss")


HALF = mistake("quarter", "0.5", "0.25", "A quarter.")
SAME = mistake("also-quarter", "0.5", "1 / 4", "Half of the half.")
SUM = mistake("sum", "(...).mean()", "(...).sum()", "A sum.")
LABEL = mistake("label", "scores_fake - 1", "scores_fake - 2", "The label is 2.")


def test_where_two_explanations_fit_equally_both_are_told(grader, judge):
    tries = small(grader, None, HALF, SAME, LABEL)
    quarter, _, label = tries.candidates("ls_generator_loss")
    seen = shown_of(tries, "ls_generator_loss", quarter)
    found = search(tries, judge, "ls_generator_loss", seen).candidate
    assert found is not None and found.says.split(OR) == ["A quarter.", "Half of the half."]
    both = shown_of(tries, "ls_generator_loss", tries.joined("ls_generator_loss", quarter, label))
    found = search(tries, judge, "ls_generator_loss", both).candidate
    assert found is not None and len(found.says.split(OR)) == 2

    tries = small(grader, None, HALF, LABEL)
    found = search(tries, judge, "ls_generator_loss", both).candidate
    assert found is not None and {*found.says.split(" Also: ")} == {"A quarter.", "The label is 2."}


def test_single_edits_are_tried_once_for_all_classes_of_a_folder(grader, tmp_path):
    tries = small(grader, tmp_path, HALF, SUM)
    first = tries.singles("ls_generator_loss", time.monotonic() + 60)
    assert tries.runs == 2

    again = small(grader, tmp_path, HALF, SUM)
    second = again.singles("ls_generator_loss", time.monotonic() + 60)
    assert again.runs == 0
    assert [one.candidate.source for one in first] == [one.candidate.source for one in second]
    assert tries.singles("ls_generator_loss", 0.0) == first
    new = small(grader, None, HALF, SUM)
    assert new.singles("ls_generator_loss", 0.0) == []  # no time


# --- a class --------------------------------------------------------------------------------------


def with_two_mistakes(tries):
    function = "ls_generator_loss"
    pair = [candidate(tries, f"ls-generator-{word}") for word in ("sum", "detached")]
    joined = tries.joined(function, *pair)
    return SOURCE.replace(function_in(SOURCE, function), joined.source + "\n\n\n"), pair


def messages(store, student):
    result, _ = store.result(student)
    own = (c for c in result.checks if c.function == "ls_generator_loss")
    return {c.message for c in own if c.status == "failed"}


def made_class(grader, tries, folder, sources):
    """Store a class as it is right after its submissions were graded; single edits are known."""
    tries.singles("ls_generator_loss", time.monotonic() + 60)
    shutil.copytree(tries.folder, folder / "explained", dirs_exist_ok=True)
    probes = PART.probes_of("ls_generator_loss")
    store = Store(folder)
    entries = tuple(HandedIn(name, (Person(name),)) for name in sources)
    store.write_class(ClassRecord(PART.name, "folders", "the latest counts", entries=entries))
    for name, source in sources.items():
        result, outputs = grader.grade(submission(source), PART, QUICK, probes)
        mark = {"run": name, "judged": "", "outputs": store.write_outputs(name, dumps(outputs))}
        store.write_result(name, result, "", mark)
    return store


def submission(source):
    return Submission("s", "gan_pytorch.py", {"gan_pytorch.py": source.encode()})


@pytest.mark.exhaustive(reason="20 s: it looks for all explanations of a class")
def test_a_class_pays_once_for_each_different_mistake(grader, tries, judge, tmp_path):
    source, pair = with_two_mistakes(tries)
    strange = SOURCE.replace("0.5 * ((scores_fake", "0.3 * torch.cos((scores_fake")
    sources = {"ana": source, "ben": source + "\n# mine\n", "cy": strange, "dora": SOURCE}
    store = made_class(grader, tries, tmp_path, sources)
    starts = []

    def open_workers():
        starts.append(1)
        return grader.workers

    told = []
    wanted = Wanted(open_workers, time.monotonic() + 60, seconds=20)
    assert explain_class(store, judge, wanted, told.append) == []
    (known,) = Explanations.of(tmp_path, PART).known
    assert {*known.says.split(" Also: ")} == {one.says for one in pair}
    assert messages(store, "ana") == messages(store, "ben") == {known.says}
    assert " Also: " in (store.of("ben") / "feedback.html").read_text()
    assert all(" Also: " not in text for text in messages(store, "cy"))
    assert (len(starts), len(told)) == (1, 2)  # groups, not students

    for again in (wanted, None):
        assert explain_class(store, judge, again, told.append) == []
    other = made_class(grader, tries, tmp_path, {**sources, "eve": source})
    assert explain_class(other, judge, wanted) == []
    assert messages(other, "eve") == {known.says}
    assert len(starts) == 1


def test_a_class_without_time_waits_for_the_next_run(grader, tries, judge, tmp_path):
    source, _ = with_two_mistakes(tries)
    store = made_class(grader, tries, tmp_path, {"ana": source})
    assert explain_class(store, judge, Wanted(lambda: grader.workers, 0.0)) == []
    assert Explanations.of(tmp_path, PART).known == []
    assert not (tmp_path / "explained" / "misses.json").exists()


def test_a_search_that_fails_costs_nobody_a_result(grader, tries, judge, tmp_path):
    source, _ = with_two_mistakes(tries)
    store = made_class(grader, tries, tmp_path, {"ana": source})
    before = messages(store, "ana")

    def fail():
        raise AutograderError("no worker can be started")

    (line,) = explain_class(store, judge, Wanted(fail, time.monotonic() + 60))
    assert line.startswith("ls_generator_loss-") and "no worker can be started" in line
    assert messages(store, "ana") == before


def graded(top, *more):
    done = CliRunner().invoke(
        main,
        [
            *("grade-class", str(top / "in"), "--part", PART.name),
            *("--output", str(top / "out"), *more),
        ],
    )
    assert done.exit_code == 0, done.output
    return Store(top / "out")


@pytest.mark.exhaustive(reason="grades a class four times by the command")
def test_a_class_reads_explanations_pays_for_each_once_and_can_take_them_back(
    tries, tmp_path, monkeypatch
):
    source, pair = with_two_mistakes(tries)
    for student in ("ana", "ben"):
        write(tmp_path / "in" / student, {"gan_pytorch.py": source.encode()})
    store = graded(tmp_path, "--no-search")
    assert all(" Also: " not in text for text in messages(store, "ana"))
    assert not Explanations.of(store.folder, PART).known

    monkeypatch.setattr("autograder.batch.searching.LEAST", 120.0)
    store = graded(tmp_path)
    (known,) = Explanations.of(store.folder, PART).known
    assert {*known.says.split(" Also: ")} == {one.says for one in pair}
    for student in ("ana", "ben"):
        assert messages(store, student) == {known.says}
        page = (store.of(student) / "feedback.html").read_text()
        assert " Also: " in page
    assert " Also: " in (store.folder / "index.html").read_text()
    assert json.loads((store.of("ana") / "result.json").read_text())["score"] < 100

    def must_not_start(*arguments):
        raise AssertionError("nothing is left to search")

    monkeypatch.setattr("autograder.running.start.start", must_not_start)
    write(tmp_path / "in" / "cy", {"gan_pytorch.py": (source + "\n# mine\n").encode()})
    graded(tmp_path)
    assert messages(store, "cy") == {known.says}

    run = CliRunner().invoke(main, ["name", str(store.folder), known.id, "Sum and detached."])
    assert run.exit_code == 0, run.output
    assert messages(store, "cy") == {"Sum and detached."}
    run = CliRunner().invoke(main, ["name", str(store.folder), known.id, "--undo"])
    assert run.exit_code == 0, run.output
    graded(tmp_path)
    assert "Sum and detached." not in messages(store, "ana")
    assert all(" Also: " not in text for text in messages(store, "ana"))


# --- the order of pairs, and what is measured -----------------------------------------------------


def test_the_pair_whose_changes_add_up_to_the_students_is_tried_first():
    def one(value, *rest):
        return {"f": {"value": np.array([value]), "other": np.array(rest or (5.0,))}}

    right = one(1.0)
    some = [one(3.0), one(1.5), one(7.0), one(1.0, 8.0)]
    assert next(ranked(one(3.5), right, some)) == (0, 1)
    assert next(ranked(one(7.0, 8.0), right, some)) == (2, 3)
    assert next(ranked(one(4.5), right, some)) == (0, 1)  # 3 times 1.5
    assert len(list(ranked(one(2.0), right, some))) == 6


@pytest.mark.parametrize("fill", [0.0, np.nan, np.inf, 3e38, 1e-40])
@pytest.mark.parametrize("shape", [(), (0,), (2,), (3, 2)])
def test_any_arrays_can_be_searched(fill, shape):
    student = {"f": {"value": np.full(shape, fill, np.float32), "new": np.ones(shape, bool)}}
    right = {"f": {"value": np.array([1.0, 2.0])}}
    some = [right, student, {"f": {}}, {"f": "error: ValueError"}]
    assert len(list(ranked(student, right, some))) == 6
    assert len(list(ranked(student, right, some, some))) == 16


@pytest.mark.parametrize(
    ("listed", "found", "true", "named", "false"),
    [
        ({None}, {"a", "b"}, True, True, False),
        ({None}, set(), True, False, False),
        ({None}, {"a", "c"}, False, False, True),
        ({None}, {"c"}, True, True, False),  # one edit that shows the same as the pair
        ({"a"}, set(), True, True, False),  # it hides the other
        ({"a", None}, set(), True, False, False),
        ({"c"}, set(), True, False, True),
    ],
)
def test_a_pair_is_named_if_all_that_is_told_is_true(listed, found, true, named, false):
    tried = PairTried(frozenset("ab"), frozenset(listed), frozenset(found), true)
    assert (tried.named, tried.false_name) == (named, false)


@pytest.mark.exhaustive(reason="tries pairs of every function")
def test_pairs_in_one_function_are_measured(grader, judge):
    tried = try_pairs(PART, grader.workers, judge, 1, lambda *progress: None)
    assert len(tried) == 1
    assert not any(one.false_name for one in tried)  # how many are named depends on the machine

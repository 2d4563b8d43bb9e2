"""Every known mistake is caught, by checks of its own function alone, and called by its name."""

from __future__ import annotations

import functools
import re

import pytest

from autograder.errors import SourceError
from autograder.judging.suite import Suite
from autograder.mistake import Mistake, apply, drop, load_mistakes
from autograder.parts import PARTS
from autograder.staff import accuracy

pytestmark = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)


whole = pytest.mark.exhaustive(reason="all mistakes; the quick run tries some of each part")
some_and_all = pytest.mark.parametrize(
    "some", [True, pytest.param(False, marks=whole)], ids=["some", "all"]
)


@pytest.fixture(scope="module")
def try_them(grader):
    """Try a part's mistakes, once: some, or all of the main part's and every fourth of the others'.

    `autograder accuracy` tries all of every part.
    """

    @functools.cache
    def of(part, some):
        every = 1 if part == PARTS[0] else 4
        if some:
            every = max(1, len(load_mistakes(part)) // (16 if part == PARTS[0] else 5))
        judge = grader._judges[part.name]
        return accuracy.try_mistakes(part, grader.workers, judge, every=every)

    return of


@pytest.fixture
def tried(part, some, try_them):
    return try_them(part, some)


@some_and_all
def test_every_mistake_is_caught(tried):
    assert [t.mistake.id for t in tried if not t.caught] == []


@some_and_all
def test_every_mistake_loses_the_checks_that_were_recorded_and_no_other(tried):
    assert {t.mistake.id: sorted(t.lost) for t in tried if not t.exact} == {}


@some_and_all
def test_nearly_every_mistake_is_called_by_its_name(tried, some):
    nameless = [t.mistake.id for t in tried if not t.right_name]
    assert len(nameless) <= (1 if some else 0.03 * len(tried)), nameless


@some_and_all
def test_the_classic_checks_miss_what_ours_catch(tried, some):
    read = sum(t.classic[0] for t in tried)
    unattended = sum(t.classic[1] for t in tried)
    assert unattended <= read < len(tried)
    assert some or 0 < unattended < read


def test_there_are_enough_mistakes_in_every_function(part):
    mistakes = load_mistakes(part)
    for function in part.functions():
        assert sum(mistake.function == function for mistake in mistakes) >= 3, function
    if part.name == "gan_pytorch":
        assert len(mistakes) >= 200


def test_every_mistake_loses_a_check_and_only_checks_of_its_own_function(part):
    """The rule for what `record` stored; every check catches a mistake."""
    mistakes = load_mistakes(part)
    with Suite(part.suite) as suite:
        checks = {check.name: check for check in suite.checks}
    for mistake in mistakes:
        assert mistake.loses, f"{mistake.id}: run autograder record"
        for name in mistake.loses:
            assert checks[name].probe == mistake.function, f"{mistake.id} loses {name}"
    for name in checks:
        assert any(name in m.loses for m in mistakes), f"{name}: this check earns nothing"


def test_no_check_can_be_left_out(part):
    """A check earns its points by a mistake whose set of lost checks it alone makes different."""
    lost = [set(mistake.loses) for mistake in load_mistakes(part)]
    with Suite(part.suite) as suite:
        names = [check.name for check in suite.checks]
    for name in names:
        without = {frozenset(loses - {name}) for loses in lost}
        told_apart = {frozenset(loses) for loses in lost}
        alone = any(loses == {name} for loses in lost)
        assert alone or len(without) < len(told_apart) or name.endswith(PUBLIC_HALF), (
            f"{name}: this check earns nothing that others do not"
        )


# The public half of a pair: what it catches, its hidden half catches too. It is there for students,
# who see it before they hand in.
PUBLIC_HALF = ("_scores", "_images", "_value", "_step")


@some_and_all
def test_mistakes_at_once_lose_the_union_of_their_checks(part, some, grader):
    count = 1 if some else 5  # `autograder accuracy` tries more
    tried = accuracy.try_combinations(part, grader.workers, grader._judges[part.name], count)
    assert len(tried) == count
    for combination in tried:
        ids = [mistake.id for mistake in combination.mistakes]
        assert combination.exact, (ids, sorted(combination.lost))
    assert some or sum(not combination.all_named for combination in tried) <= 1


def test_sentences_speak_to_a_student(part):
    for mistake in load_mistakes(part):
        for sentence in (mistake.says, mistake.hint):
            assert sentence[-1] in ".?", (mistake.id, sentence)
            assert not sentence[0].islower() or sentence.startswith(("softplus", "1e-3")), sentence
            assert len(sentence) <= 160, (mistake.id, sentence)
        assert not re.search(r"autograder|fingerprint|answer file", mistake.says + mistake.hint)


def test_no_hint_gives_the_line_that_was_cut(part):
    inside = re.findall(
        r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", part.solution.read_text(), re.DOTALL
    )
    lines = {line.strip().rstrip(",") for text in inside for line in text.splitlines()}
    for mistake in load_mistakes(part):
        for line in lines:
            assert len(line) < 16 or line not in mistake.says + mistake.hint, mistake.id


def test_chance_fails_a_right_solution_less_than_once_in_a_billion(part):
    bounds = accuracy.false_failures(part)
    assert bounds
    assert all(0 <= bound < 1e-9 for bound in bounds.values())


def test_every_mistake_applies_to_the_solution(part):
    source = part.solution.read_text()
    for mistake in load_mistakes(part):
        assert apply(mistake, source) != source, mistake.id


def test_a_mistake_takes_about_three_lines(part):
    lines = sum(path.read_text().count("\n") for path in part.mistakes.glob("*.py"))
    assert lines <= 4.2 * len(load_mistakes(part))


def test_a_mistake_that_no_longer_applies_is_an_error(part):
    source = part.solution.read_text()
    function = load_mistakes(part)[0].function
    stale = Mistake("stale", drop("no_such_name()"), "", "", function)
    with pytest.raises(SourceError, match="stale"):
        apply(stale, source)

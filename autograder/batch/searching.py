"""Look for explanations of what has no name in a graded class; no student code runs.

The largest group comes first, so that a class pays once for each different mistake. What was found, and
what was searched in vain, is kept: see `explained`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from autograder.batch.attempts import about_of
from autograder.batch.explained import FOLDER, Explanations, Misses, digest
from autograder.batch.groups import Group, groups, unnamed
from autograder.batch.naming import results_of
from autograder.batch.publish import page_for, released
from autograder.batch.store import Store
from autograder.errors import AnswersError, reason
from autograder.judging.scoring import Judge
from autograder.judging.shown import shown, shown_right
from autograder.parts import Part
from autograder.results import Result
from autograder.running.protocol import Workers
from autograder.search.explain import explain
from autograder.search.sizes import sizes
from autograder.search.trying import Candidate, Tries

SECONDS = 20.0  # for one function of one group
LEAST, SHARE = 10.0, 0.15  # for a class: seconds, or a share of the time in which it was graded


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to search.

    Attributes:
        open_workers: called once, when the first edited solution has to run.
        until: the moment of `time.monotonic` at which the search of a class ends.
        seconds: for one group.
    """

    open_workers: Callable[[], Workers]
    until: float
    seconds: float = SECONDS


def until(started: float) -> float:
    """Return when the search of a class ends, that was graded from a moment until now."""
    now = time.monotonic()
    return now + max(LEAST, SHARE * (now - started))


def explain_class(
    store: Store,
    judge: Judge,
    wanted: Wanted | None,
    say: Callable[[str], None] = lambda doing: None,
    fresh: bool = False,
) -> list[str]:
    """Explain the groups without a name of a graded class, and store their results and pages.

    Arguments:
        judge: of the class's part; its listed mistakes are tried, too.
        wanted: None tells only what is known.
        say: called with what is searched now.
        fresh: search again what was searched in vain.

    Returns a sentence for each group in which the search failed.
    """
    known = Explanations.of(store.folder, judge.part)
    results = results_of(store)
    unexplained: list[str] = []
    if wanted is not None and judge.part.mistakes.is_dir():
        search = _Search(store, judge, wanted, known, fresh)
        found = groups(judge.part, results, store.outputs)
        for number, group in enumerate(found, 1):
            if time.monotonic() >= wanted.until:
                break
            say(f"explaining {group.function}, {number} of {len(found)}")
            try:
                search.explain(group)
            except (
                Exception
            ) as problem:  # of one group: the others, and the grades, are not touched
                unexplained.append(
                    f"{group.id}: not searched for an explanation: {reason(problem)}"
                )
    _tell(store, judge.part, known, results)
    return unexplained


class _Search:
    """The search of one class."""

    def __init__(
        self, store: Store, judge: Judge, wanted: Wanted, known: Explanations, fresh: bool
    ) -> None:
        self.store = store
        self.judge = judge
        self.wanted = wanted
        self.known = known
        folder = store.folder / FOLDER
        self.tries = Tries(judge.part, judge.mistakes, wanted.open_workers, folder)
        self.misses = Misses(store.folder, self.tries.made())
        if fresh:
            self.misses.forget()

    def explain(self, group: Group) -> None:
        """Look for an explanation of one group, if none is known; keep how the search ended."""
        part, function = self.judge.part, group.function
        outputs = self.store.outputs(group.members[0])
        seen = shown(part, function, outputs)
        if seen is None or self.known.find(function, group.checks, seen) is not None:
            return
        key = digest(function, group.checks, seen)
        if key in self.misses:
            return
        right = shown_right(part, function, self.judge.answers)
        ended = explain(
            self.tries,
            function,
            seen,
            right,
            self.wanted.seconds,
            self.wanted.until,
            sizes(part, function, outputs),
        )
        candidate = ended.candidate
        if candidate is not None and self._loses(function, candidate, group):
            self.known.add(function, candidate.says, group.checks, seen)
        elif ended.whole:
            self.misses.add(key)

    def _loses(self, function: str, candidate: Candidate, group: Group) -> bool:
        """Return whether edits lose the checks that the group loses, and no others."""
        return lost(self.judge, self.tries, function, candidate) == set(group.checks)


def lost(judge: Judge, tries: Tries, function: str, candidate: Candidate) -> set[str]:
    """Return the checks of a function that edits of the solution lose."""
    checks = judge.score(tries.outputs(function, candidate))
    own = [check for check in checks if check.function == function and not check.withheld]
    return {check.name for check in own if check.score < check.max_score}


def _tell(store: Store, part: Part, known: Explanations, results: dict[str, Result]) -> None:
    """Store the results and pages of whom an explanation concerns."""
    if not known.known:
        return
    people = {entry.key: entry.people for entry in store.read_class().entries}
    answers = released(part)
    for key, before in results.items():
        if not unnamed(before):
            continue
        try:
            outputs = store.outputs(key)
        except AnswersError:  # damaged since; who judges or grades again is told so
            continue
        _, mark = store.result(key)
        result = known.tell(before, outputs)
        if result is not before:
            page = page_for(
                result, outputs, answers, people.get(key, ()), about_of(store, key, mark)
            )
            store.write_result(key, result, page, mark)

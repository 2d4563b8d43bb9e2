"""Explain a wrong function that is in no list: which edits of the solution show the same?

One edit explains, or else two; three only where no two of all do. An explanation reproduces everything
that the function's probes showed. Where several with other sentences do, with equally few edits, all of
them are told, or none if there are many.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from autograder.compare import is_real
from autograder.judging.fingerprints import alike
from autograder.judging.named import LONGEST
from autograder.judging.shown import Shown, same
from autograder.search.fitting import Fitting
from autograder.search.ranking import flat, ranked
from autograder.search.sizes import resized
from autograder.search.trying import Candidate, Tried, Tries

BATCH = 8  # edited solutions that are tried before anything is compared
OTHERS, NEAR = 24, 120  # pairs that are tried after one fits: would others fit, too?
# Different numbers that a wrong function's wrong arrays must hold. With fewer, some of the thousands of
# pairs and triples fit by chance.
ENOUGH_FOR_A_NUMBER, ENOUGH_FOR_TWO, ENOUGH_FOR_THREE = 2, 4, 12
OR, MOST_WORDS = " Or, with the same result: ", 3  # between explanations that show the same


@dataclass(frozen=True, slots=True)
class Search:
    """How a search ended.

    Attributes:
        candidate: the edits that explain the function; None if none do, or several.
        whole: false if the time for all functions ended it early.
    """

    candidate: Candidate | None
    whole: bool = True


def explain(
    tries: Tries,
    function: str,
    student: Shown,
    right: Shown,
    seconds: float,
    until: float = math.inf,
    sizes: Sequence[int] = (),
) -> Search:
    """Look for the smallest explanation of what a student's function showed.

    Arguments:
        seconds: how long to try several edits together.
        until: a moment of `time.monotonic` at which to stop in any case. The single edits of a function
            have this time: they are tried once for all students.
        sizes: in the shapes of the student's weights.
    """
    arrays = [one for one in flat(student).values() if not isinstance(one, str)]
    if not arrays or not all(map(is_real, arrays)):
        return Search(None)  # an error alone is no evidence, and what is not real is like nothing
    singles = tries.singles(function, until)
    if len(singles) < len(tries.candidates(function)):
        return Search(None, whole=False)
    fitting = _fitting(student, singles)
    if fitting:
        return Search(_only(fitting))
    numbers = _evidence(student, right)
    if numbers < ENOUGH_FOR_A_NUMBER:
        return Search(None)
    started = time.monotonic()
    last, until = until, min(until, started + seconds)
    if fitting := _fitting(student, tries.run(function, resized(tries, function, sizes), until)):
        return Search(fitting[0].candidate)
    numeric = Fitting(tries, function, student, right, until)
    if (found := numeric.one()) is not None:
        return Search(found.candidate)
    if numbers < ENOUGH_FOR_TWO:
        return Search(None)
    useful = tries.once(function, lambda: _different(singles, right))
    pairs = ranked(student, right, [_shown(one) for one in useful])
    tried, fitting = _try(tries, function, student, _Rows(useful, useful), pairs, until)
    unsearched = next(pairs, None) is not None
    if not fitting and numbers >= ENOUGH_FOR_THREE and (found := numeric.two()) is not None:
        return Search(found.candidate)
    if fitting or unsearched or numbers < ENOUGH_FOR_THREE:
        return Search(_only(fitting), whole=bool(fitting) or time.monotonic() < last)
    bases = [one for one in tried if one.shown is not None]
    triples = ranked(student, right, [_shown(b) for b in bases], [_shown(one) for one in useful])
    _, fitting = _try(tries, function, student, _Rows(bases, useful), triples, until)
    return Search(_only(fitting), whole=bool(fitting) or time.monotonic() < last)


def _evidence(student: Shown, right: Shown) -> int:
    """Return how many different numbers the wrong arrays hold."""
    normal, numbers = flat(right), set()
    for key, array in flat(student).items():
        known = normal.get(key)
        if isinstance(array, str):
            continue
        if isinstance(known, str) or known is None or not alike(key.split("/")[-1], array, known):
            numbers |= {f"{number:.4g}" for number in array.reshape(-1).astype(float)}
    return len(numbers)


def _fitting(student: Shown, tried: Sequence[Tried]) -> list[Tried]:
    return [one for one in tried if one.shown is not None and same(student, one.shown)]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is joined: one of `left` with one of `right`."""

    left: Sequence[Tried]
    right: Sequence[Tried]


def _try(
    tries: Tries,
    function: str,
    student: Shown,
    rows: _Rows,
    pairs: Iterator[tuple[int, int]],
    until: float,
) -> tuple[list[Tried], list[Tried]]:
    """Try pairs in their order; return all, and those that fit.

    After the first that fits, only those are tried which might fit as well; if there is no time for
    them, nothing is certain, and none fits.
    """
    tried: list[Tried] = []
    some: list[tuple[int, int]] = []

    def attempt(now: Sequence[tuple[int, int]]) -> list[Tried]:
        joined = (tries.joined(function, *_both(rows, *pair)) for pair in now)
        got = tries.run(function, [one for one in joined if one is not None], until)
        tried.extend(got)
        return _fitting(student, got)

    while time.monotonic() < until and (some := list(islice(pairs, BATCH))):
        if fitting := attempt(some):
            sources = {one.candidate.source for one in fitting}
            joined = ((tries.joined(function, *_both(rows, *pair)), pair) for pair in some)
            near = {
                place for one, pair in joined if one and one.source in sources for place in pair
            }
            fitting += attempt(_others(pairs, near))
            return tried, fitting if time.monotonic() < until else []
    return tried, []


def _both(rows: _Rows, i: int, j: int) -> tuple[Candidate, Candidate]:
    return rows.left[i].candidate, rows.right[j].candidate


def _others(pairs: Iterator[tuple[int, int]], near: set[int]) -> list[tuple[int, int]]:
    """Return the likeliest of the pairs that are left, of all and of those with an edit that fitted."""
    others = list(islice(pairs, OTHERS))
    return others + list(islice((pair for pair in pairs if near & {*pair}), NEAR))


def _only(fitting: Sequence[Tried]) -> Candidate | None:
    """Return what explains; of several that show the same, with all their sentences, if few enough.

    A listed mistake's words go before an edit's own. No output tells such explanations apart, so that
    "A. Or, with the same result: B." is true of whatever shows this.
    """
    listed = [one for one in fitting if one.candidate.listed]
    some = [one.candidate for one in listed or fitting]
    says = list(dict.fromkeys(candidate.says for candidate in some))
    words = OR.join(says)
    if not says or len(says) > MOST_WORDS or len(words) > LONGEST:
        return None
    return replace(some[0], says=words)


def _different(singles: Sequence[Tried], right: Shown) -> list[Tried]:
    """Return the edits that change what is shown; of those that show the same, `_speakers`."""
    groups: list[list[Tried]] = []
    for one in singles:
        if one.shown is None or same(one.shown, right):
            continue
        for group in groups:
            if same(_shown(group[0]), one.shown):
                group.append(one)
                break
        else:
            groups.append([one])
    return [one for group in groups for one in _speakers(group)]


def _speakers(group: Sequence[Tried]) -> list[Tried]:
    """Return the edits that stand for all that show the same: the listed ones, each sentence once."""
    listed = [one for one in group if one.candidate.listed]
    by_words = {one.candidate.says: one for one in reversed(listed or group)}
    return list(by_words.values())


def _shown(one: Tried) -> Shown:
    assert one.shown is not None
    return one.shown

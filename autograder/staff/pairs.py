"""Measure the search for explanations: two listed mistakes in one function, which no list holds.

Each pair is put into the solution, run and judged like a student's function. Where the list has no name
for it, the search looks for an explanation, with the time that it has in a class. An explanation is
false if its edits do not show the same as the pair does, with inputs that the search has not seen.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.batch.searching import SECONDS, lost
from autograder.judging.scoring import Judge
from autograder.judging.shown import shown, shown_right
from autograder.parts import Part
from autograder.running.protocol import Workers
from autograder.search.explain import explain
from autograder.search.sizes import sizes
from autograder.search.trying import Candidate, Tries
from autograder.staff.variants import lost_checks
from autograder.staff.witness import shows_the_same, witness

Progress = Callable[[str, int, int], None]
JOIN = " + "  # between the ids of edits that are one candidate


@dataclass(frozen=True, slots=True)
class PairTried:
    """How two mistakes in one function were explained.

    Attributes:
        ids: of the two mistakes.
        listed: the listed mistakes that the lost checks name by themselves; None stands for a check
            without a name.
        found: the ids of the edits that the search named; empty if it named none, or was not asked.
        true: whether these edits show what the pair shows with other inputs and weights, too. With the
            label -1 for generated images, and with their scores in both halves, a loss is twice its
            second half: one edit shows the same, and no output tells them apart.
        seconds: how long it searched, without single edits.
    """

    ids: frozenset[str]
    listed: frozenset[str | None]
    found: frozenset[str] = frozenset()
    true: bool = True
    seconds: float = 0.0

    @property
    def searched(self) -> bool:
        """Whether the list alone has no name for it."""
        return self.listed == {None}

    @property
    def named(self) -> bool:
        """Whether every lost check tells of the pair, or of less that shows the same."""
        if self.searched:
            return bool(self.found) and self.true
        return self.listed <= self.ids

    @property
    def false_name(self) -> bool:
        return not (self.true if self.searched else self.listed - {None} <= self.ids)


def try_pairs(
    part: Part, workers: Workers, judge: Judge, count: int, progress: Progress, seed: int = 0
) -> list[PairTried]:
    """Try `count` pairs, of all functions in turn; fewer if a part has fewer."""
    tries = Tries(part, judge.mistakes, lambda: workers)
    tried: list[PairTried] = []
    with witness(part, workers) as second:
        for function, pair in _pairs(tries, part.functions(), seed):
            if len(tried) >= count:
                break
            progress(f"pairs: {function}", len(tried), count)
            one = _try(tries, second, judge, function, pair)
            tried += [one] if one is not None else []
    return tried


def _pairs(
    tries: Tries, functions: Sequence[str], seed: int
) -> Iterator[tuple[str, tuple[Candidate, Candidate]]]:
    """Yield pairs of listed mistakes, one of each function, then the next of each."""
    chance = random.Random(seed)
    rows = {}
    for function in functions:
        listed = [one for one in tries.candidates(function) if one.listed]
        pairs = [(a, b) for i, a in enumerate(listed) for b in listed[i + 1 :]]
        chance.shuffle(pairs)
        rows[function] = pairs
    while any(rows.values()):
        for function, pairs in rows.items():
            if pairs:
                yield function, pairs.pop()


def _try(
    tries: Tries, second: Tries, judge: Judge, function: str, pair: tuple[Candidate, Candidate]
) -> PairTried | None:
    """Try one pair; None if its mistakes exclude each other, or together lose nothing."""
    both = tries.joined(function, *pair)
    if both is None:
        return None
    outputs = tries.outputs(function, both)
    checks = lost_checks(judge, outputs, function)
    seen = shown(tries.part, function, outputs)
    if not checks or seen is None:
        return None
    ids = frozenset(both.edit.id.split(JOIN))
    names = frozenset(check.mistake for check in checks)
    if names != {None}:
        return PairTried(ids, names)
    tries.singles(function, time.monotonic() + 1000)
    started = time.monotonic()
    right = shown_right(tries.part, function, judge.answers)
    known = sizes(tries.part, function, outputs)
    candidate = explain(tries, function, seen, right, SECONDS, sizes=known).candidate
    seconds = time.monotonic() - started
    if candidate is None or lost(judge, tries, function, candidate) != {c.name for c in checks}:
        return PairTried(ids, names, seconds=seconds)
    found = frozenset(candidate.edit.id.split(JOIN))
    true = found == ids or shows_the_same(second, function, both, candidate)
    return PairTried(ids, names, found, true, seconds)

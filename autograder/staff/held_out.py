"""Measure what the grader does with mistakes that it does not know: held out, written otherwise.

    values      a number of the solution is another one, which no list holds
    left out    a random half of the listed mistakes is left out of the list, and of the search
    styles      a listed mistake, written in at least five other styles

The first two are explained by the search, if at all; the list alone should name the third. Whether an
explanation is true is asked of a witness: with other inputs and weights than those that the search saw,
the explanation must still show what the wrong function shows.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from autograder.batch.searching import SECONDS, lost
from autograder.judging.scoring import Judge
from autograder.judging.shown import shown, shown_right
from autograder.mistake import Mistake, apply, function_in
from autograder.operators.edits import Edit
from autograder.operators.slots import slots
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.running.protocol import Workers
from autograder.search.explain import explain
from autograder.search.fitting import fitted
from autograder.search.sizes import sizes
from autograder.search.trying import Candidate, Tries
from autograder.staff.pairs import Progress
from autograder.staff.styles import STYLES, restyled
from autograder.staff.variants import lost_checks
from autograder.staff.witness import shows_the_same, witness

VALUES, LEFT_OUT, IN_STYLE = "other values", "left out", "other styles"
FACTORS = (0.3, 0.6, 1.7, 2.3, 3.1, 4.4)  # by which a number is another one; not those of the edits
ADDENDS = (0.03, 0.15, 0.7)  # in place of 0
NORMAL = 1.96  # standard deviations on each side, for 95 %


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One wrong function, and how it was named.

    Attributes:
        kind: VALUES, LEFT_OUT or IN_STYLE.
        what: a mistake's id, or the sentence with the value.
        named: whether every lost check got a name, or the search found an explanation.
        false: whether that name is not true.
        style: for IN_STYLE.
    """

    kind: str
    function: str
    what: str
    named: bool
    false: bool
    style: str = ""
    seconds: float = 0.0


def interval(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share (Wilson, 1927)."""
    if not total:
        return 0.0, 1.0
    share, spread = hits / total, NORMAL**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _written(source: str, says: str = "") -> Candidate:
    """Return a function that no edit made."""
    return Candidate(Edit("written", says, {}), says, source)


class Trying:
    """Tries held-out mistakes of one part."""

    def __init__(
        self, part: Part, workers: Workers, judge: Judge, second: Tries, progress: Progress
    ) -> None:
        self.part = part
        self.workers = workers
        self.judge = judge
        self.second = second
        self.progress = progress
        self.solution = part.solution.read_text(encoding="utf-8")

    def values(self, count: int, seed: int = 0) -> list[HeldOut]:
        """Put other values into numbers of the solution, function by function in turn."""
        chance = random.Random(seed)
        tries = Tries(self.part, self.judge.mistakes, lambda: self.workers)
        rows = {}
        for function in self.part.functions():
            rows[function] = slots(tries.source_of(function))
            chance.shuffle(rows[function])
        tried: list[HeldOut] = []
        while any(rows.values()) and len(tried) < count:
            for function in [name for name, row in rows.items() if row]:
                slot = rows[function].pop()
                factor, addend = chance.choice(FACTORS), chance.choice(ADDENDS)
                value = float(f"{slot.right * factor if slot.right else addend:.3g}")
                wrong = fitted(tries, function, (slot,), (value,))
                if slot.limits[0] <= value <= slot.limits[1] and wrong is not None:
                    self.progress(f"{VALUES}: {function}", len(tried), count)
                    tried += self._explained(VALUES, self.judge, tries, function, wrong, wrong.says)
        return tried[:count]

    def left_out(self, count: int, seed: int = 0) -> list[HeldOut]:
        """Leave a random half of the mistakes out, and try some of these."""
        chance = random.Random(seed)
        mistakes = [one for one in self.judge.mistakes if one.change is not None]
        hidden = chance.sample(mistakes, len(mistakes) // 2)
        words = {(one.says, one.hint) for one in hidden}
        rest = [one for one in mistakes if (one.says, one.hint) not in words]
        judge = replace(self.judge, mistakes=rest)
        tries = Tries(self.part, rest, lambda: self.workers)
        tried: list[HeldOut] = []
        for number, mistake in enumerate(hidden):
            if len(tried) >= count:
                break
            self.progress(f"{LEFT_OUT}: {mistake.id}", number, count)
            changed = function_in(apply(mistake, self.solution), mistake.function).rstrip()
            wrong = _written(changed, mistake.says)
            tried += self._explained(LEFT_OUT, judge, tries, mistake.function, wrong, mistake.id)
        return tried

    def in_styles(self, count: int, seed: int = 0) -> list[HeldOut]:
        """Write some of the mistakes in every style that has something to change in them."""
        chance = random.Random(seed)
        mistakes = [one for one in self.judge.mistakes if one.change is not None]
        some = chance.sample(mistakes, min(count, len(mistakes)))
        tries = Tries(self.part, (), lambda: self.workers)
        tried: list[HeldOut] = []
        for number, mistake in enumerate(some):
            self.progress(f"{IN_STYLE}: {mistake.id}", number, len(some))
            function = mistake.function
            changed = function_in(apply(mistake, self.solution), function)
            for style in STYLES:
                source = restyled(changed, function, style)
                if source is not None:
                    outputs = tries.outputs(function, _written(source))
                    tried.append(self._by_list(outputs, mistake, style))
        return tried

    def _by_list(self, outputs: Outputs, mistake: Mistake, style: str) -> HeldOut:
        """Judge a known mistake in another style: the list alone must name it."""
        checks = lost_checks(self.judge, outputs, mistake.function)
        words = {one.id: (one.says, one.hint) for one in self.judge.mistakes}
        told = {words.get(check.mistake or "") for check in checks}
        named, right = bool(told) and None not in told, (mistake.says, mistake.hint)
        false = bool(told - {None, right})
        return HeldOut(IN_STYLE, mistake.function, mistake.id, named, false, style)

    def _explained(
        self,
        kind: str,
        judge: Judge,
        tries: Tries,
        function: str,
        wrong: Candidate,
        what: str,
    ) -> list[HeldOut]:
        """Name a wrong function by the list, or else by search; nothing if it loses no check."""
        outputs = tries.outputs(function, wrong)
        checks = lost_checks(judge, outputs, function)
        seen = shown(self.part, function, outputs)
        if not checks or seen is None:
            return []
        names = {check.mistake for check in checks}
        if None not in names:
            listed = [one for one in judge.mistakes if one.id in names]
            return [HeldOut(kind, function, what, True, not self._true(function, wrong, listed))]
        tries.singles(function, time.monotonic() + 1000)
        started = time.monotonic()
        right = shown_right(self.part, function, judge.answers)
        known = sizes(self.part, function, outputs)
        found = explain(tries, function, seen, right, SECONDS, sizes=known).candidate
        if found is not None and lost(judge, tries, function, found) != {c.name for c in checks}:
            found = None
        seconds = time.monotonic() - started
        false = found is not None and not shows_the_same(self.second, function, wrong, found)
        return [HeldOut(kind, function, what, found is not None, false, seconds=seconds)]

    def _true(self, function: str, wrong: Candidate, named: Sequence[Mistake]) -> bool:
        """Return whether one of the named mistakes shows the same as the wrong function."""
        for mistake in named:
            source = function_in(apply(mistake, self.solution), function).rstrip()
            if shows_the_same(self.second, function, wrong, _written(source)):
                return True
        return False


def try_held_out(
    part: Part, workers: Workers, judge: Judge, count: int, progress: Progress, seed: int = 0
) -> list[HeldOut]:
    """Try `count` other values, `count` mistakes left out, and `count` in all styles."""
    with witness(part, workers) as second:
        trying = Trying(part, workers, judge, second, progress)
        return [
            *trying.in_styles(count, seed),
            *trying.values(count, seed),
            *trying.left_out(count, seed),
        ]

"""Measure the grader itself: on known mistakes, on several at once, and on correct variants.

How many mistakes are caught, and how many are named correctly? How many correct submissions are
accepted, and how often could chance fail one? For comparison, the classic checks of notebooks with
stored answers judge the same mistakes.
"""

from __future__ import annotations

import random
import runpy
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import prod

from autograder.judging.scoring import Judge
from autograder.mistake import Mistake, apply, load_mistakes
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.running.protocol import Workers
from autograder.staff import record
from autograder.staff.classic_checks import classic_checks
from autograder.staff.held_out import HeldOut, try_held_out
from autograder.staff.pairs import PairTried, try_pairs
from autograder.staff.unlisted import Tried, read_unlisted, try_unlisted
from autograder.staff.variants import (
    accepted,
    judge_variant,
    lost_checks,
    read_variant,
    variants,
)

FULL, SAMPLE = 2000, 40  # combinations of mistakes
Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How one known mistake was graded.

    Attributes:
        lost: the checks of its function that were lost.
        named: the mistakes' ids that the lost checks gave.
        else_named: what they would have given, were this mistake not in the list.
        classic: whether the classic checks show it to a person who reads every printed figure, and
            whether they stop at it without that person.
    """

    mistake: Mistake
    lost: frozenset[str]
    named: frozenset[str | None]
    else_named: frozenset[str]
    classic: tuple[bool, bool]

    @property
    def caught(self) -> bool:
        return bool(self.lost)

    @property
    def exact(self) -> bool:
        return self.lost == set(self.mistake.loses)

    @property
    def right_name(self) -> bool:
        return self.named == {self.mistake.id}


def try_mistakes(
    part: Part, workers: Workers, judge: Judge, progress: Progress = silent, every: int = 1
) -> list[Trial]:
    """Run known mistakes on the probes of their functions, side by side, and judge them.

    With `every` = 3, only every third mistake is tried; 1 tries all.
    """
    mistakes = load_mistakes(part)[::every]
    trials: list[Trial] = []
    for number, (mistake, outputs) in enumerate(record.run_mistakes(part, workers, mistakes)):
        progress("mistakes", number, len(mistakes))
        lost = lost_checks(judge, outputs, mistake.function)
        trials.append(
            Trial(
                mistake,
                frozenset(c.name for c in lost),
                frozenset(c.mistake for c in lost),
                _named_without(mistake, judge, outputs),
                classic_checks(outputs, judge.answers, mistake.function),
            )
        )
    return trials


def _named_without(mistake: Mistake, judge: Judge, outputs: Outputs) -> frozenset[str]:
    """Return the names that a mistake's outputs get if it is not in the list itself.

    It is then as good as a mistake that nobody listed. A name that it gets is a false one, unless both
    say the same.
    """
    same = (mistake.says, mistake.hint)
    others = [one for one in judge.mistakes if (one.says, one.hint) != same]
    lost = lost_checks(replace(judge, mistakes=others), outputs, mistake.function)
    return frozenset(check.mistake for check in lost if check.mistake)


@dataclass(frozen=True, slots=True)
class Combination:
    """Two or three mistakes at once, in different functions."""

    mistakes: tuple[Mistake, ...]
    lost: frozenset[str]
    named: frozenset[str | None]

    @property
    def exact(self) -> bool:
        return self.lost == {check for mistake in self.mistakes for check in mistake.loses}

    @property
    def all_named(self) -> bool:
        return {mistake.id for mistake in self.mistakes} <= self.named


def combine(mistakes: Sequence[Mistake], count: int, seed: int = 0) -> list[tuple[Mistake, ...]]:
    """Choose `count` different sets of two or three mistakes in different functions; all, if fewer."""
    chance = random.Random(seed)
    by_function: dict[str, list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        by_function[mistake.function].append(mistake)
    sizes = [size for size in (2, 3) if size <= len(by_function)]
    there = sum(
        prod(len(by_function[function]) for function in functions)
        for size in sizes
        for functions in combinations(by_function, size)
    )
    chosen: dict[tuple[str, ...], tuple[Mistake, ...]] = {}
    while len(chosen) < min(count, there):
        functions = chance.sample(sorted(by_function), chance.choice(sizes))
        some = tuple(chance.choice(by_function[function]) for function in functions)
        chosen[tuple(sorted(mistake.id for mistake in some))] = some
    return list(chosen.values())


def try_combinations(
    part: Part, workers: Workers, judge: Judge, count: int, progress: Progress = silent
) -> list[Combination]:
    """Run and judge whole files with several mistakes each."""
    source = part.solution.read_text(encoding="utf-8")
    tried = []
    for number, some in enumerate(combine(load_mistakes(part), count)):
        progress("combinations", number, count)
        text = source
        for mistake in some:
            text = apply(mistake, text)
        lost = lost_checks(judge, record.run_solution(part, workers, text))
        names = frozenset(c.mistake for c in lost)
        tried.append(Combination(some, frozenset(c.name for c in lost), names))
    return tried


def false_failures(part: Part) -> dict[str, float]:
    """Return for each statistical check a bound on how often it fails a correct solution by chance.

    The suite computes these bounds, beside its checks.
    """
    bounds: dict[str, float] = runpy.run_path(str(part.suite)).get("FALSE_FAILURES", {})
    return bounds


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of one part."""

    part: str
    trials: list[Trial]
    combinations: list[Combination]
    variants: dict[str, bool] = field(default_factory=dict)
    exceptions: dict[str, Mapping[str, str]] = field(default_factory=dict)
    chance: dict[str, float] = field(default_factory=dict)
    unlisted: list[Tried] = field(default_factory=list)
    pairs: list[PairTried] = field(default_factory=list)
    held_out: list[HeldOut] = field(default_factory=list)

    @property
    def false_names(self) -> int:
        """How many wrong functions, listed and left out or never listed, got a name that is false."""
        return sum(bool(trial.else_named) for trial in self.trials) + sum(
            bool(tried.false_names) for tried in self.unlisted
        )

    @property
    def pairs_named(self) -> float:
        """The share of pairs in one function of which every lost check tells; 1 if none was tried."""
        return share(one.named for one in self.pairs)

    @property
    def perfect(self) -> bool:
        """Whether all mistakes lose exactly their checks, 97 % get their name, and no variant fails.

        Every wrong function that is in no list must lose a check, and none may get a false name.
        """
        return (
            all(trial.caught and trial.exact for trial in self.trials)
            and share(trial.right_name for trial in self.trials) >= 0.97
            and all(one.exact for one in self.combinations)
            and all(self.variants.values())
            and all(bound < 1e-9 for bound in self.chance.values())
            and all(tried.lost for tried in self.unlisted)
            and not self.false_names
            and self.pairs_named >= 0.85
            and not any(one.false_name for one in self.pairs)
            and not any(one.false for one in self.held_out)
        )


def share(flags: Iterable[bool]) -> float:
    """Return the share of flags that are true; 1 if there are none."""
    values = list(flags)
    return sum(values) / len(values) if values else 1.0


def measure(
    part: Part,
    workers: Workers,
    judge: Judge,
    count: int,
    progress: Progress = silent,
    pairs: int = 0,
    held_out: int = 0,
) -> Accuracy:
    """Measure one part: every mistake, `count` combinations, every variant, what is in no list.

    With `pairs`, also how many pairs in one function the search explains, and with `held_out`, how many
    mistakes that are not in the list; each takes some seconds.
    """
    trials = try_mistakes(part, workers, judge, progress)
    several = try_combinations(part, workers, judge, count, progress)
    paths = variants(part)
    results, exceptions = {}, {}
    for number, path in enumerate(paths):
        progress("variants", number, len(paths))
        variant = read_variant(path)
        results[path.name] = accepted(variant, judge_variant(variant, part, workers, judge)[0])
        if variant.loses:
            exceptions[path.name] = variant.loses
    chance = false_failures(part)
    functions = read_unlisted(part)
    progress("functions in no list", 0, len(functions))
    tried = try_unlisted(part, workers, judge, functions)
    explained = try_pairs(part, workers, judge, pairs, progress) if pairs else []
    new = try_held_out(part, workers, judge, held_out, progress) if held_out else []
    return Accuracy(part.name, trials, several, results, exceptions, chance, tried, explained, new)

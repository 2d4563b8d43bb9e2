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
from dataclasses import dataclass, field

from autograder.judging.scoring import Judge
from autograder.mistake import Mistake, apply, load_mistakes
from autograder.parts import Part
from autograder.running.protocol import Workers
from autograder.staff import record
from autograder.staff.classic_checks import classic_checks
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
        classic: whether the classic checks show it to a person who reads every printed figure, and
            whether they stop at it without that person.
    """

    mistake: Mistake
    lost: frozenset[str]
    named: frozenset[str | None]
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
                classic_checks(outputs, judge.answers, mistake.function),
            )
        )
    return trials


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
    """Choose `count` different sets of two or three mistakes in different functions."""
    chance = random.Random(seed)
    by_function: dict[str, list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        by_function[mistake.function].append(mistake)
    chosen: dict[tuple[str, ...], tuple[Mistake, ...]] = {}
    while len(chosen) < count:
        functions = chance.sample(sorted(by_function), chance.choice((2, 3)))
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

    @property
    def perfect(self) -> bool:
        """Whether all mistakes lose exactly their checks, 97 % get their name, and no variant fails."""
        return (
            all(trial.caught and trial.exact for trial in self.trials)
            and share(trial.right_name for trial in self.trials) >= 0.97
            and all(one.exact for one in self.combinations)
            and all(self.variants.values())
            and all(bound < 1e-9 for bound in self.chance.values())
        )


def share(flags: Iterable[bool]) -> float:
    """Return the share of flags that are true; 1 if there are none."""
    values = list(flags)
    return sum(values) / len(values) if values else 1.0


def measure(
    part: Part, workers: Workers, judge: Judge, count: int, progress: Progress = silent
) -> Accuracy:
    """Measure one part: every mistake, `count` combinations, every variant."""
    trials = try_mistakes(part, workers, judge, progress)
    combinations = try_combinations(part, workers, judge, count, progress)
    paths = variants(part)
    results, exceptions = {}, {}
    for number, path in enumerate(paths):
        progress("variants", number, len(paths))
        variant = read_variant(path)
        results[path.name] = accepted(variant, judge_variant(variant, part, workers, judge)[0])
        if variant.loses:
            exceptions[path.name] = variant.loses
    chance = false_failures(part)
    return Accuracy(part.name, trials, combinations, results, exceptions, chance)

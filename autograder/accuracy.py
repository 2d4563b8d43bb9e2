"""Measure the grader itself: on known mistakes, on several at once, and on correct variants.

Prints what no grade should be given without: how many mistakes are caught, how many are called by
their right names, how many right submissions are accepted, and how often chance could fail one.
Beside it stand the classic checks of notebooks with stored answers, on the same corpus.
"""

from __future__ import annotations

import json
import os
import random
import re
import runpy
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from autograder import record, runner
from autograder.diagnosis import Mistake, apply, load_mistakes
from autograder.errors import SourceError
from autograder.outputs import Array, Outputs
from autograder.parts import ROOT, Part
from autograder.results import CheckResult
from autograder.runner import Zygote
from autograder.scoring import Judge
from autograder.submissions import Submission

VARIANTS = ROOT / "tests" / "variants"
HEADER = re.compile(r"^# (differs|only|loses|note|remark): (.+)$")
FULL, SAMPLE = 2000, 40  # combinations of mistakes

Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Show no progress."""


# --- mistakes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """What grading made of one known mistake.

    Attributes:
        lost: the checks of its function that were lost.
        named: the ids that the lost checks' messages gave.
        classic: whether the classic checks show it to somebody who reads every printed figure, and
            whether they stop at it by themselves.
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
    part: Part, zygote: Zygote, judge: Judge, progress: Progress = silent, every: int = 1
) -> list[Trial]:
    """Run known mistakes on the probes of their functions, side by side, and judge them.

    `every` is the step from one to the next that is tried; 1 tries all.
    """
    source = part.solution.read_text(encoding="utf-8")
    mistakes = load_mistakes(part)[::every]

    def run(mistake: Mistake) -> Outputs:
        return record.run_mistake(part, zygote, apply(mistake, source), mistake.function)

    trials: list[Trial] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (mistake, outputs) in enumerate(zip(mistakes, pool.map(run, mistakes))):
            progress("mistakes", number, len(mistakes))
            checks = [c for c in judge.score(outputs) if c.function == mistake.function]
            lost = [check for check in checks if _is_lost(check)]
            trials.append(
                Trial(
                    mistake,
                    frozenset(c.name for c in lost),
                    frozenset(c.mistake for c in lost),
                    classic_checks(outputs, judge.answers, mistake.function),
                )
            )
    return trials


def _is_lost(check: CheckResult) -> bool:
    return check.score < check.max_score


# --- the classic checks -----------------------------------------------------------------------


def classic_checks(
    outputs: Outputs, answers: Mapping[str, Array], function: str
) -> tuple[bool, bool]:
    """Judge one function as notebooks with stored answers do.

    They print the relative error of a loss at one input, compare a network's number of parameters
    with the published one, assert shape and range of the noise, and look at nothing else.

    Returns whether somebody who reads every printed figure sees a fault, and whether the notebook
    stops by itself.
    """
    status = outputs.statuses[function].status
    if status != "ok":
        return True, True  # a cell that raises, or never ends, is seen and stops the notebook
    got = outputs.of(function)
    if function == "sample_noise":
        sample = got["sample"]
        wrong = sample.shape != answers["sample_noise/sample"].shape
        wrong = wrong or np.abs(sample).max() > 1 or sample.min() >= 0 or sample.max() <= 0
        return bool(wrong), bool(wrong)
    if "parameters" in got:
        return bool(got["parameters"] != answers[f"{function}/parameters"]), False
    if "public" in got:
        value, want = got["public"], answers[f"{function}/public"]
        try:
            error = np.abs(value - want) / np.maximum(1e-8, np.abs(value) + np.abs(want))
        except ValueError:  # shapes that do not go together: the cell raises
            return True, True
        return not float(np.max(error)) <= 1e-5, False
    return False, False


# --- combinations -----------------------------------------------------------------------------


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
    """Choose that many sets of two or three mistakes in different functions, without repeats."""
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
    part: Part, zygote: Zygote, judge: Judge, count: int, progress: Progress = silent
) -> list[Combination]:
    """Run and judge whole files with several mistakes each."""
    source = part.solution.read_text(encoding="utf-8")
    tried = []
    for number, some in enumerate(combine(load_mistakes(part), count)):
        progress("combinations", number, count)
        text = source
        for mistake in some:
            text = apply(mistake, text)
        lost = [c for c in judge.score(record.run_solution(part, zygote, text)) if _is_lost(c)]
        names = frozenset(c.mistake for c in lost)
        tried.append(Combination(some, frozenset(c.name for c in lost), names))
    return tried


# --- variants ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variant:
    """A right submission that is written differently, and what it says about itself.

    Comments at its top (of a notebook: its first cell) tell:

        # differs: in what it differs from the solution
        # only: function, function    (it defines these alone; the rest comes from the solution)
        # loses: check (reason)       (a check that it truly does not pass)
        # note: words                 (of a note that its report must have; no other one may be there)
        # remark: check: words        (of a remark beside a check that it passes)
    """

    path: Path
    source: bytes
    differs: tuple[str, ...]
    only: tuple[str, ...]
    loses: Mapping[str, str]
    notes: tuple[str, ...]
    remarks: Mapping[str, str]

    def probes(self, part: Part) -> list[str]:
        """Return what to ask: everything, or the functions that the file defines."""
        return part.probes_of(*self.only) if self.only else part.probe_names()

    def submission(self, part: Part) -> Submission:
        """Return it as a student would hand it in."""
        name = part.stem + self.path.suffix
        source = self.source
        if self.only:
            source = part.solution.read_bytes() + b"\n\n" + source
        return Submission(self.path.name, name, {name: source})


def variants(part: Part) -> list[Path]:
    """Return the files of a part's variants; raise SourceError outside of a checkout."""
    folder = VARIANTS / part.name
    if not folder.is_dir():
        raise SourceError(f"{folder}: not found; accuracy is measured in a checkout")
    return sorted(p for p in folder.iterdir() if p.suffix in (".py", ".ipynb"))


def read_variant(path: Path) -> Variant:
    """Read a variant and its header."""
    source = path.read_bytes()
    said: dict[str, list[str]] = defaultdict(list)
    for line in _top(source, path.suffix):
        if match := HEADER.match(line):
            said[match[1]].append(match[2].strip())
    loses = {}
    for text in said["loses"]:
        found = re.fullmatch(r"(\w+) \((.+)\)", text)
        if not found:
            raise SourceError(f"{path.name}: loses: write `check (reason)`, not {text!r}")
        loses[found[1]] = found[2]
    remarks = {name: words for name, _, words in (t.partition(": ") for t in said["remark"])}
    only = tuple(name for text in said["only"] for name in re.split(r",\s*", text))
    return Variant(path, source, tuple(said["differs"]), only, loses, tuple(said["note"]), remarks)


def _top(source: bytes, suffix: str) -> list[str]:
    if suffix == ".ipynb":
        return "".join(json.loads(source)["cells"][0]["source"]).splitlines()
    encoding = "gbk" if b"coding: gbk" in source[:200] else "utf-8-sig"
    return source.decode(encoding, errors="replace").splitlines()


def judge_variant(
    variant: Variant, part: Part, zygote: Zygote, judge: Judge
) -> tuple[list[CheckResult], Outputs]:
    """Run a variant; return the results of the checks that concern it, and its outputs."""
    outputs = runner.run(zygote, variant.submission(part), part, variant.probes(part))
    checks = judge.score(outputs)
    return [c for c in checks if not variant.only or c.function in variant.only], outputs


def accepted(variant: Variant, checks: Sequence[CheckResult]) -> bool:
    """Tell whether a variant lost exactly what its header says."""
    return {c.name for c in checks if _is_lost(c)} == set(variant.loses)


# --- chance -----------------------------------------------------------------------------------


def false_failures(part: Part) -> dict[str, float]:
    """Return for each statistical check a bound on how often chance fails a right solution.

    The suite computes them, beside the checks.
    """
    bounds: dict[str, float] = runpy.run_path(str(part.suite)).get("FALSE_FAILURES", {})
    return bounds


# --- all of it --------------------------------------------------------------------------------


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
        """Tell whether no mistake went unseen, none lost a wrong check, no right one failed."""
        return (
            all(trial.caught and trial.exact for trial in self.trials)
            and share(trial.right_name for trial in self.trials) >= 0.97
            and all(one.exact for one in self.combinations)
            and all(self.variants.values())
            and all(bound < 1e-9 for bound in self.chance.values())
        )


def share(flags: Iterable[bool]) -> float:
    """Return the share of true ones; 1 of none."""
    values = list(flags)
    return sum(values) / len(values) if values else 1.0


def measure(
    part: Part, zygote: Zygote, judge: Judge, count: int, progress: Progress = silent
) -> Accuracy:
    """Measure one part: every mistake, `count` combinations, every variant."""
    trials = try_mistakes(part, zygote, judge, progress)
    combinations = try_combinations(part, zygote, judge, count, progress)
    paths = variants(part)
    results, exceptions = {}, {}
    for number, path in enumerate(paths):
        progress("variants", number, len(paths))
        variant = read_variant(path)
        results[path.name] = accepted(variant, judge_variant(variant, part, zygote, judge)[0])
        if variant.loses:
            exceptions[path.name] = variant.loses
    chance = false_failures(part)
    return Accuracy(part.name, trials, combinations, results, exceptions, chance)

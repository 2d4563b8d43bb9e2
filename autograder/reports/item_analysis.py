"""How a class did: the distribution of its scores, each check's figures, the common mistakes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.reports.gradebook import Row
from autograder.results import CheckResult, Result

BINS = 10  # of the distribution of scores
GROUP = 0.27  # of a class, at either end, for the discrimination index (Kelley 1939)
FEWEST = 10  # results; with fewer, that index means nothing


@dataclass(frozen=True, slots=True)
class Item:
    """How a class did in one check; `discrimination` is None for a small class."""

    check: CheckResult
    passed: int
    rate: float
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram: scores from `low` up to, not including, `high`."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Students who lose the same checks of a function by one mistake that has no name yet."""

    id: str
    function: str
    message: str
    who: Sequence[Row]
    code: str = ""  # the function's text, as one of them wrote it


def histogram(scores: Sequence[float], full: float) -> list[Bar]:
    """Count scores in equal bins from 0 to the full points, which belong to the last bin."""
    if full <= 0:
        return []
    counts = [0] * BINS
    for score in scores:
        counts[max(0, min(int(score * BINS / full), BINS - 1))] += 1
    return [Bar(i * full / BINS, (i + 1) * full / BINS, count) for i, count in enumerate(counts)]


def items(results: Sequence[Result]) -> list[Item]:
    """Return each check's pass rate and discrimination index.

    The index is the pass rate among the best 27 % by score, minus that among the lowest 27 %. It is
    near 1 if the check separates the two groups, near 0 if it does not, and negative if it misleads.
    If a result lacks a check, because the suite changed meanwhile, the check counts as not passed.
    """
    ordered = sorted(results, key=lambda result: result.score)
    size = max(1, round(GROUP * len(ordered)))
    everyone, low, high = map(_passed, (ordered, ordered[:size], ordered[-size:]))
    checks = {check.name: check for result in results for check in result.checks}
    return [
        Item(
            check=check,
            passed=everyone[name],
            rate=everyone[name] / len(results),
            discrimination=(high[name] - low[name]) / size if len(results) >= FEWEST else None,
        )
        for name, check in checks.items()
    ]


def common_mistakes(rows: Sequence[Row]) -> list[tuple[str, str, str, list[Row]]]:
    """Return (id, function, message to the student, who made it), the most common mistake first."""
    who: dict[tuple[str, str], list[Row]] = defaultdict(list)
    messages: dict[tuple[str, str], str] = {}
    for row in rows:
        for check in result_of(row).checks:
            if check.mistake is None:
                continue
            key = (check.mistake, check.function)
            messages.setdefault(key, check.message.partition("\n")[0])
            if row not in who[key][-1:]:
                who[key].append(row)
    ordered = sorted(who, key=lambda key: (-len(who[key]), key))
    return [(*key, messages[key], who[key]) for key in ordered]


def _passed(results: Sequence[Result]) -> Counter[str]:
    """Count who passed each check."""
    return Counter(c.name for result in results for c in result.checks if c.status == "passed")


def result_of(row: Row) -> Result:
    """Return the result of a row that has one."""
    assert row.result is not None
    return row.result

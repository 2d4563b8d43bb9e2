"""The figures of a class: quartiles, spread, every function, and who has no points and why."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.reports.functions import functions_of, in_file
from autograder.reports.gradebook import Row
from autograder.reports.item_analysis import Bar, histogram
from autograder.results import Result

SYNTAX = re.compile(r"\b(?:SyntaxError|IndentationError|TabError)\b|\bis not Python\b")
UNREAD, STUB, BROKEN, ZERO = "no file to grade", "still the stub", "syntax error", "0 points"
APART = (ZERO, BROKEN, STUB, UNREAD)  # in this order below the distribution
LEVELS = 4  # of colour for what is lost, besides "nothing" and "all"


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers are distributed; the deviation is None for a single one."""

    mean: float
    low: float
    median: float
    high: float
    deviation: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of points in the heat map.

    `level` is 0 for full points, then more for each quarter that is lost, and the highest for none.
    """

    score: float
    full: float

    @property
    def level(self) -> int:
        if self.score >= self.full:
            return 0
        if self.score <= 0:
            return LEVELS + 1
        return LEVELS - int(self.score / self.full * LEVELS)


@dataclass(frozen=True, slots=True)
class OfFunction:
    """How a class did in one function, or in one part."""

    name: str
    full: float
    spread: Spread
    whole: int  # students with all of its points
    students: int

    def share(self, score: float) -> float:
        """Return a number of its points in percent."""
        return 100 * score / self.full if self.full > 0 else 0.0


def spread_of(scores: Sequence[float]) -> Spread | None:
    """Return the mean, the quartiles and the standard deviation; None without any score."""
    if not scores:
        return None
    if len(scores) == 1:
        return Spread(scores[0], scores[0], scores[0], scores[0], None)
    low, median, high = statistics.quantiles(scores, n=4, method="inclusive")
    return Spread(statistics.fmean(scores), low, median, high, statistics.stdev(scores))


def state_of(result: Result) -> str:
    """Return why a result has no points, or that its file has a syntax error; empty for all others."""
    statuses = {check.status for check in result.checks}
    if statuses == {"skipped"}:
        return STUB
    if statuses == {"error"} and not result.isolation and not result.seconds:
        return UNREAD
    told = [check.message for check in result.checks if check.status == "error"]
    if any(SYNTAX.search(text) for text in (*told, *result.notes)):
        return BROKEN
    return ZERO if result.score <= 0 else ""


def distribution(results: Sequence[Result], full: float) -> tuple[list[Bar], list[tuple[str, int]]]:
    """Return the histogram of scores above 0, and apart from it how many have none, by the reason."""
    none = [state_of(result) for result in results if result.score <= 0]
    counts = [(state, none.count(state)) for state in APART if state in none]
    return histogram([result.score for result in results if result.score > 0], full), counts


def cells(result: Result) -> Mapping[str, Cell]:
    """Return the points of each function."""
    return {one.name: Cell(one.score, one.full) for one in functions_of(result)}


def functions_in(results: Sequence[Result]) -> list[str]:
    """Return the functions of all results of a part, in the order of the students' file."""
    names = dict.fromkeys(check.function for result in results for check in result.checks)
    places = {name: n for n, name in enumerate(in_file(results[0].part) if results else ())}
    return sorted(names, key=lambda name: places.get(name, len(places)))


def of_functions(results: Sequence[Result]) -> list[OfFunction]:
    """Return how a class did in each function; who lacks a function has 0 points in it."""
    told = [cells(result) for result in results]
    found = []
    for name in functions_in(results):
        full = max(one[name].full for one in told if name in one)
        found.append(figure(name, full, [one[name].score if name in one else 0.0 for one in told]))
    return found


def figure(name: str, full: float, scores: Sequence[float]) -> OfFunction:
    """Return how a class did in something that has points; there must be a score."""
    spread = spread_of(scores)
    assert spread is not None
    return OfFunction(name, full, spread, sum(score >= full for score in scores), len(scores))


def with_state(rows: Sequence[Row]) -> dict[str, str]:
    """Return the state of every row that has one, by its key."""
    told = ((row.key, state_of(row.result)) for row in rows if row.result and not row.absent)
    return {key: state for key, state in told if state}

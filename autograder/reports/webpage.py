"""Results as pages: one file each, no network needed, for the student and for the class.

Everything that a student chose (names, messages, notes) is escaped by Jinja2. Equal results make
equal pages, to the byte.
"""

from __future__ import annotations

import functools
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from autograder.outputs import Array, Outputs
from autograder.reports.gradebook import Row
from autograder.results import CheckResult, Result
from autograder.similarity import Pair

TEMPLATES = Path(__file__).parent / "templates"
BINS = 10  # of the distribution of scores
GROUP = 0.27  # of a class, at either end, for the discrimination index (Kelley 1939)
FEWEST = 10  # results from which that index says anything
SLOWEST = 10  # submissions listed
SIGNS = {"passed": "✓", "failed": "✗", "error": "!", "skipped": "·"}
WEIGHTS = "weight_shapes"  # the arrays that a network's probe tells its architecture by
TOTAL = "parameters"


@dataclass(frozen=True, slots=True)
class Network:
    """A network as its weights show it, in the order in which a forward pass uses them."""

    function: str
    weights: tuple[tuple[str, int], ...]  # shape, numbers
    total: int
    expected: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """How a class fared in one check; `discrimination` is None for a small class."""

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


def student_page(result: Result, networks: Sequence[Network] = ()) -> str:
    """Return a student's page."""
    functions = [
        (name, list(checks)) for name, checks in groupby(result.checks, key=lambda c: c.function)
    ]
    return _render(
        "student.html",
        result=result,
        functions=functions,
        shared=_shared_message,
        networks=networks,
        lost=sum(check.status != "passed" for check in result.checks),
    )


def class_page(
    title: str, rows: Sequence[Row], alike: Sequence[Pair], layout: str, rule: str
) -> str:
    """Return the page of a class; rows without a result are listed as such."""
    graded = [row for row in rows if row.result is not None]
    results = [row.result for row in graded if row.result is not None]
    scores = [result.score for result in results]
    full = max((result.max_score for result in results), default=0.0)
    by_time = sorted(graded, key=lambda row: (-_result(row).seconds, row.key))
    return _render(
        "class.html",
        title=title,
        layout=layout,
        rule=rule,
        rows=rows,
        graded=graded,
        full=full,
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        bars=histogram(scores, full),
        items=items(results),
        mistakes=common_mistakes(graded),
        slowest=by_time[:SLOWEST],
        crashed=[row for row in graded if any(c.status == "error" for c in _result(row).checks)],
        late=[row for row in rows if row.late],
        missing=[row for row in rows if row.result is None],
        alike=alike,
    )


def networks(outputs: Outputs, expected: Mapping[str, Array]) -> list[Network]:
    """Return the networks whose weights the probes told.

    Arguments:
        expected: the released answers, "<probe>/parameters" among them.
    """
    found = []
    for probe in outputs.statuses:
        arrays = outputs.of(probe)
        shapes, total = arrays.get(WEIGHTS), arrays.get(TOTAL)
        if shapes is None or total is None or shapes.ndim != 2 or total.size != 1:
            continue
        weights = tuple(_weight([int(n) for n in row if n > 0]) for row in shapes[:100])
        answer = expected.get(f"{probe}/{TOTAL}")
        right = int(answer.item()) if answer is not None else None
        found.append(Network(probe, weights, int(total.item()), right))
    return found


def histogram(scores: Sequence[float], full: float) -> list[Bar]:
    """Count scores in equal bins from 0 to the full points, which belong to the last bin."""
    width = full / BINS
    if width <= 0:
        return []
    counts = [0] * BINS
    for score in scores:
        counts[max(0, min(int(score / width), BINS - 1))] += 1
    return [Bar(i * width, (i + 1) * width, count) for i, count in enumerate(counts)]


def items(results: Sequence[Result]) -> list[Item]:
    """Return each check's pass rate and discrimination index.

    The index is the pass rate among the best 27 % by score less that among the lowest 27 %: near 1
    where a check tells the two apart, near 0 where it does not, negative where it misleads.
    """
    if not results:
        return []
    ordered = sorted(results, key=lambda result: result.score)
    size = max(1, round(GROUP * len(ordered)))
    low, high = ordered[:size], ordered[-size:]
    found = []
    for position, check in enumerate(results[0].checks):
        passed = _passed(results, position)
        gap = (_passed(high, position) - _passed(low, position)) / size
        index = gap if len(results) >= FEWEST else None
        found.append(Item(check, passed, passed / len(results), index))
    return found


def common_mistakes(rows: Sequence[Row]) -> list[tuple[str, str, str, list[Row]]]:
    """Return (id, function, what the student is told, who made it), the commonest first."""
    who: dict[tuple[str, str], list[Row]] = defaultdict(list)
    told: dict[tuple[str, str], str] = {}
    for row in rows:
        for check in _result(row).checks:
            if check.mistake is None:
                continue
            key = (check.mistake, check.function)
            told.setdefault(key, check.message.partition("\n")[0])
            if row not in who[key][-1:]:
                who[key].append(row)
    ordered = sorted(who, key=lambda key: (-len(who[key]), key))
    return [(*key, told[key], who[key]) for key in ordered]


def link(key: str) -> str:
    """Return the address of a student's page, seen from the class's."""
    return f"results/{quote(key)}/feedback.html"


def _passed(results: Sequence[Result], position: int) -> int:
    return sum(result.checks[position].status == "passed" for result in results)


def _result(row: Row) -> Result:
    assert row.result is not None
    return row.result


def _weight(shape: list[int]) -> tuple[str, int]:
    size = 1
    for n in shape:
        size *= n
    return " × ".join(map(str, shape)) or "1", size


def _shared_message(checks: Sequence[CheckResult]) -> str:
    """Return what all of a function's checks say, if that is the same."""
    said = {(check.status, check.message) for check in checks}
    return checks[0].message if len(checks) > 1 and len(said) == 1 else ""


def _clean(text: str) -> str:
    """Drop what a page cannot show: control characters, and those that turn text round."""
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    return "".join(c for c in text if (c >= " " or c == "\n") and c not in turning and c != "\x7f")


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = _clean
    environment.filters["points"] = lambda number: f"{number:g}"
    environment.globals["link"] = link
    environment.globals["signs"] = SIGNS
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)

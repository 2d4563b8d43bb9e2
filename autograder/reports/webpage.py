"""Results as pages: one file each, no network needed, for the student and for the class.

Whatever is put into a page, names, messages and notes among it, is cleaned of what cannot be shown and
escaped by Jinja2. Equal results make equal pages, to the byte.
"""

from __future__ import annotations

import datetime as dt
import functools
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from autograder.classes import Person
from autograder.outputs import Array, Outputs
from autograder.reports.gradebook import Row
from autograder.reports.pictures import Picture
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
SAME = "For the same reason."
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, separators of lines


@dataclass(frozen=True, slots=True)
class Network:
    """A network as its weights show it, in the order in which a forward pass uses them."""

    function: str
    weights: tuple[tuple[str, int], ...]  # shape, numbers
    total: int
    expected: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part on a student's page: its result, and what the outputs let one see besides."""

    result: Result
    networks: Sequence[Network] = ()
    pictures: Sequence[Picture] = ()

    @property
    def common(self) -> str:
        """What all checks say, if that is the same."""
        return _said_by_all(self.result.checks)

    @property
    def sections(self) -> list[Section]:
        return sections(self.result.checks, self.common)


@dataclass(frozen=True, slots=True)
class Line:
    """A check on the student's page, and what is said beneath it."""

    check: CheckResult
    told: str


@dataclass(frozen=True, slots=True)
class Section:
    """A function on the student's page; `told` is what all of its checks say."""

    function: str
    score: float
    full: float
    status: str
    told: str
    lines: tuple[Line, ...]


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


def student_page(sheets: Sequence[Sheet], people: Sequence[Person] = ()) -> str:
    """Return a student's page over one or several parts.

    It is headed by who handed in, or by the submission's name.
    """
    results = [sheet.result for sheet in sheets]
    return _render(
        "student.html",
        sheets=sheets,
        name=", ".join(person.name for person in people) or results[0].submission,
        score=sum(result.score for result in results),
        full=sum(result.max_score for result in results),
        lost=any(check.status != "passed" for result in results for check in result.checks),
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


def sections(checks: Sequence[CheckResult], common: str = "") -> list[Section]:
    """Group checks by function, and say once what several of them say.

    Arguments:
        common: what stands above all functions already.
    """
    found = []
    for function, group in groupby(checks, key=lambda check: check.function):
        own = list(group)
        shared = common or (_said_by_all(own) if len(own) > 1 else "")
        found.append(
            Section(
                function=function,
                score=sum(check.score for check in own),
                full=sum(check.max_score for check in own),
                status=own[0].status,
                told="" if common else shared,
                lines=tuple(_lines(own, bool(shared))),
            )
        )
    return found


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
    if full <= 0:
        return []
    counts = [0] * BINS
    for score in scores:
        counts[max(0, min(int(score * BINS / full), BINS - 1))] += 1
    return [Bar(i * full / BINS, (i + 1) * full / BINS, count) for i, count in enumerate(counts)]


def items(results: Sequence[Result]) -> list[Item]:
    """Return each check's pass rate and discrimination index.

    The index is the pass rate among the best 27 % by score less that among the lowest 27 %: near 1
    where a check tells the two apart, near 0 where it does not, negative where it misleads. A check
    that a result lacks, since the suite has changed in between, counts as not passed.
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
    return f"results/{quote(key, safe='', errors='replace')}/feedback.html"


def when(moment: str) -> str:
    """Return a time in UTC to the minute, or the text as it is where it is none."""
    try:
        time = dt.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if time.tzinfo is not None:
        time = time.astimezone(dt.timezone.utc)
    return f"{time:%Y-%m-%d %H:%M}"


def _passed(results: Sequence[Result]) -> Counter[str]:
    """Count who passed each check."""
    return Counter(c.name for result in results for c in result.checks if c.status == "passed")


def _result(row: Row) -> Result:
    assert row.result is not None
    return row.result


def _weight(shape: list[int]) -> tuple[str, int]:
    size = 1
    for n in shape:
        size *= n
    return " × ".join(map(str, shape)) or "1", size


def _said_by_all(checks: Sequence[CheckResult]) -> str:
    """Return what all of these checks say, if that is the same."""
    said = {(check.status, _brief(check)) for check in checks}
    return _brief(checks[0]) if len(said) == 1 else ""


def _lines(checks: Sequence[CheckResult], shared: bool) -> Iterator[Line]:
    said = ""
    for check in checks:
        told = "" if shared else _brief(check)
        yield Line(check, SAME if told and told == said else told)
        said = told or said


def _brief(check: CheckResult) -> str:
    """Leave out the function's name where it stands in the line above."""
    return check.message.removeprefix(f"{check.function}: ")


def _clean(value: object) -> object:
    """Drop what a page cannot show: control characters, and those that turn text round."""
    if type(value) is not str or value.isprintable():
        return value
    return "".join(c for c in value if c in "\n\t" or not _is_hidden(c))


def _is_hidden(character: str) -> bool:
    return character in TURNING or unicodedata.category(character) in HIDDEN


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters["points"] = lambda number: f"{number:g}"
    environment.filters["when"] = when
    environment.globals["link"] = link
    environment.globals["signs"] = SIGNS
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)

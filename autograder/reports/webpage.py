"""Results as pages: one file each, no network needed, for the student and for the class.

Whatever is put into a page, names, messages and notes among it, is cleaned of what cannot be shown and
escaped by Jinja2. Equal results make equal pages, to the byte.
"""

from __future__ import annotations

import datetime as dt
import functools
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from autograder.handins.layouts.entry import Person
from autograder.handins.similarity import Pair
from autograder.outputs import Array, Outputs
from autograder.reports import rendering
from autograder.reports.gradebook import Row
from autograder.reports.item_analysis import common_mistakes, histogram, items, result_of
from autograder.reports.messages import said_by_all, said_once
from autograder.reports.pictures import Picture
from autograder.reports.status import SIGNS
from autograder.results import CheckResult, Result

TEMPLATES = Path(__file__).parent / "templates"
SLOWEST = 10  # submissions listed
WEIGHTS = "weight_shapes"  # the arrays that a network's probe tells its architecture by
TOTAL = "parameters"
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
        return said_by_all(self.result.checks)

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
    by_time = sorted(graded, key=lambda row: (-result_of(row).seconds, row.key))
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
        crashed=[row for row in graded if any(c.status == "error" for c in result_of(row).checks)],
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
        shared = common or (said_by_all(own) if len(own) > 1 else "")
        found.append(
            Section(
                function=function,
                score=sum(check.score for check in own),
                full=sum(check.max_score for check in own),
                status=own[0].status,
                told="" if common else shared,
                lines=tuple(Line(c, "" if shared else m) for c, m in said_once(own)),
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


def _weight(shape: list[int]) -> tuple[str, int]:
    size = 1
    for n in shape:
        size *= n
    return " × ".join(map(str, shape)) or "1", size


def _clean(value: object) -> object:
    """Drop what a page cannot show: control characters, and those that turn text round."""
    if type(value) is not str or value.isprintable():
        return value
    return "".join(c for c in value if c in "\n\t" or not _is_hidden(c))


def _is_hidden(character: str) -> bool:
    return character in TURNING or unicodedata.category(character) in HIDDEN


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = rendering.environment(TEMPLATES, html=True)
    environment.finalize = _clean
    environment.filters["points"] = lambda number: f"{number:g}"
    environment.filters["when"] = when
    environment.globals["link"] = link
    environment.globals["signs"] = SIGNS
    return environment


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)

"""Results as HTML pages for a student and for a class: one file each, no network needed.

All text in a page (names, messages, notes) is cleaned of what cannot be shown, and escaped by Jinja2.
Equal results give equal bytes.
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
import numpy as np

from autograder.compare import MAX_RANK, is_real
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
WEIGHTS = "weight_shapes"  # the array with which a network's probe describes the architecture
TOTAL = "parameters"
LONGEST = 100  # weights of a network that are listed
LARGEST = 1 << 40  # numbers in one network; more than any memory holds
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = ("Cc", "Cs", "Zl", "Zp")  # control characters, surrogates, separators of lines


@dataclass(frozen=True, slots=True)
class Network:
    """A network's weights, in the order in which a forward pass uses them."""

    function: str
    weights: tuple[tuple[str, int], ...]  # shape, numbers
    total: int
    expected: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part on a student's page: its result, and what else its outputs show."""

    result: Result
    networks: Sequence[Network] = ()
    pictures: Sequence[Picture] = ()
    unreadable: Sequence[str] = ()  # one sentence for each thing that cannot be shown

    @property
    def common(self) -> str:
        """The message that all checks share; empty if they differ."""
        return said_by_all(self.result.checks)

    @property
    def sections(self) -> list[Section]:
        return sections(self.result.checks, self.common)


@dataclass(frozen=True, slots=True)
class Line:
    """A check on the student's page, and the message below it."""

    check: CheckResult
    message: str


@dataclass(frozen=True, slots=True)
class Section:
    """A function on the student's page; `message` is what all of its checks say."""

    function: str
    score: float
    full: float
    status: str
    message: str
    lines: tuple[Line, ...]


def student_page(sheets: Sequence[Sheet], people: Sequence[Person] = ()) -> str:
    """Return a student's page over one or several parts.

    The heading is the names of the students, or the submission's name.
    """
    results = [sheet.result for sheet in sheets]
    return render_page(
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
    graded = [row for row in rows if row.result is not None and not row.absent]
    results = [row.result for row in graded if row.result is not None]
    scores = [result.score for result in results]
    full = max((result.max_score for result in results), default=0.0)
    by_time = sorted(graded, key=lambda row: (-result_of(row).seconds, row.key))
    return render_page(
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
        suspected=[row for row in graded if result_of(row).suspicions],
        missing=[row for row in rows if row.result is None],
        absent=[row for row in rows if row.absent],
        alike=alike,
    )


def sections(checks: Sequence[CheckResult], common: str = "") -> list[Section]:
    """Group checks by function; a message that repeats is kept once.

    Arguments:
        common: a message that is already shown above all functions.
    """
    groups = []
    for function, group in groupby(checks, key=lambda check: check.function):
        own = list(group)
        shared = common or (said_by_all(own) if len(own) > 1 else "")
        groups.append(
            Section(
                function=function,
                score=sum(check.score for check in own),
                full=sum(check.max_score for check in own),
                status=own[0].status,
                message="" if common else shared,
                lines=tuple(Line(c, "" if shared else m) for c, m in said_once(own)),
            )
        )
    return groups


def networks(outputs: Outputs, expected: Mapping[str, Array]) -> list[Network]:
    """Return the networks whose weights are in the outputs.

    Arguments:
        expected: the released answers, with the keys "<probe>/parameters".
    """
    listed = []
    for probe in outputs.statuses:
        arrays = outputs.of(probe)
        shapes, total = arrays.get(WEIGHTS), arrays.get(TOTAL)
        if shapes is None or total is None or not _is_readable(shapes, total):
            continue
        weights = tuple(_weight([int(n) for n in row if n > 0]) for row in shapes[:LONGEST])
        answer = expected.get(f"{probe}/{TOTAL}")
        right = int(answer.item()) if answer is not None else None
        listed.append(Network(probe, weights, int(total.item()), right))
    return listed


def unreadable(outputs: Outputs) -> list[str]:
    """Return a sentence for each network whose weights came back in a form that cannot be shown."""
    sentences = []
    for probe in outputs.statuses:
        arrays = outputs.of(probe)
        shapes, total = arrays.get(WEIGHTS), arrays.get(TOTAL)
        if (
            shapes is not None
            and shapes.size
            and (total is None or not _is_readable(shapes, total))
        ):
            sentences.append(
                f"{probe}: the shapes of its weights are not whole numbers that can be shown"
            )
    return sentences


def link(key: str) -> str:
    """Return the address of a student's page, seen from the class's."""
    return f"results/{quote(key, safe='', errors='replace')}/feedback.html"


def when(moment: str) -> str:
    """Return a time in UTC, to the minute; text that is not a time is returned as it is."""
    try:
        time = dt.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if time.tzinfo is not None:
        time = time.astimezone(dt.timezone.utc)
    return f"{time:%Y-%m-%d %H:%M}"


def _is_readable(shapes: Array, total: Array) -> bool:
    """Return whether a worker's arrays describe weights: a row of sizes for each, and a total."""
    if shapes.ndim != 2 or shapes.shape[1] > MAX_RANK or total.size != 1:
        return False
    if not (is_real(shapes) and is_real(total)):
        return False
    with np.errstate(invalid="ignore"):  # a kind of NaN that warns
        sizes = np.concatenate([one.astype(np.float64).reshape(-1) for one in (shapes, total)])
    return bool(((sizes >= 0) & (sizes <= LARGEST) & (np.floor(sizes) == sizes)).all())


def _weight(shape: list[int]) -> tuple[str, int]:
    size = 1
    for n in shape:
        size *= n
    return " × ".join(map(str, shape)) or "1", size


def _clean(value: object) -> object:
    """Drop control characters, and characters that change the direction of text."""
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


def render_page(template: str, **values: Any) -> str:
    """Return a page of a template in this package, with every text in it cleaned and escaped."""
    return _environment().get_template(template).render(**values)

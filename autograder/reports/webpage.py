"""Results as HTML pages for a student and for a class: one file each, no network needed.

All text in a page (names, messages, notes) is cleaned of what cannot be shown, and escaped by Jinja2.
Equal results give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import jinja2

from autograder.handins.layouts.entry import Person
from autograder.handins.similarity import Group
from autograder.language import translate
from autograder.reports import figures, rendering
from autograder.reports import predictions as of_predictions
from autograder.reports.functions import next_of
from autograder.reports.gradebook import Row
from autograder.reports.item_analysis import (
    Unnamed,
    common_mistakes,
    items,
    result_of,
)
from autograder.reports.ordering import in_order, name_of, names_of
from autograder.reports.sheet import Sheet, in_language
from autograder.reports.status import SIGNS

TEMPLATES = Path(__file__).parent / "templates"
SLOWEST = 10  # submissions listed
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = ("Cc", "Cs", "Zl", "Zp")  # control characters, surrogates, separators of lines


def student_page(sheets: Sequence[Sheet], people: Sequence[Person] = ()) -> str:
    """Return a student's page over one or several parts.

    The heading is the names of the students, or the submission's name.
    """
    sheets = [in_language(sheet) for sheet in sheets]
    results = [sheet.result for sheet in sheets]
    key = results[0].submission
    name = ", ".join(person.name for person in people) or key
    return render_page(
        "student.html",
        sheets=sheets,
        name=name,
        key=key if key != name else "",
        handed_in=next((s.about for s in sheets if s.about.submitted), sheets[0].about),
        score=sum(result.score for result in results),
        full=sum(result.max_score for result in results),
        next=next_of(results),
        lost=any(check.status != "passed" for result in results for check in result.checks),
    )


def class_page(
    title: str,
    rows: Sequence[Row],
    alike: Sequence[Group],
    layout: str,
    rule: str,
    unnamed: Sequence[Unnamed] = (),
    tables: Sequence[str] = (),
    up: str = "",
    predictions: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> str:
    """Return the page of a class; rows without a result are listed as such.

    Arguments:
        tables: the names of the gradebooks beside the page.
        up: the address of the page over all parts, if there are several.
        predictions: by student, what was chosen for each experiment.
    """
    rows = in_order(rows)
    graded = [row for row in rows if row.result is not None and not row.absent]
    results = [result_of(row) for row in graded]
    full = max((result.max_score for result in results), default=0.0)
    bars, apart = figures.distribution(results, full)
    by_time = sorted(graded, key=lambda row: (-result_of(row).seconds, row.key))
    states = figures.with_state(graded)
    return render_page(
        "class.html",
        title=title,
        predictions=of_predictions.lines(predictions),
        layout=layout,
        rule=rule,
        tables=tables,
        up=up,
        rows=rows,
        names=names_of(rows),
        plain={row.key: name_of(row) for row in rows},
        graded=graded,
        full=full,
        spread=figures.spread_of([result.score for result in results]),
        bars=bars,
        apart=apart,
        figures=figures.of_functions(results),
        cells=figures.cells,
        states=states,
        of_state={
            state: [row for row in graded if states.get(row.key) == state]
            for state in figures.APART
        },
        items=items(results),
        mistakes=common_mistakes(graded),
        unnamed=unnamed,
        slowest=by_time[:SLOWEST],
        crashed=[row for row in graded if any(c.status == "error" for c in result_of(row).checks)],
        late=[row for row in rows if row.late],
        suspected=[row for row in graded if result_of(row).suspicions],
        missing=[row for row in rows if row.result is None],
        absent=[row for row in rows if row.absent],
        alike=alike,
    )


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
    environment.globals["word"] = translate
    return environment


def render_page(template: str, **values: Any) -> str:
    """Return a page of a template in this package, with every text in it cleaned and escaped."""
    return _environment().get_template(template).render(**values)

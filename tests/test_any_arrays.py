"""Any array of an allowed kind, and any text, costs at most the checks that it belongs to."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import grading, outputs, parts
from autograder.batch.publish import page_for
from autograder.handins.layouts.entry import Person
from autograder.judging.scoring import Judge
from autograder.outputs import MAX_MESSAGE, Outputs, ProbeStatus
from autograder.parts import EXTRAS, PARTS
from autograder.reports import classroom50, gradebook, gradescope, webpage
from autograder.reports.gradebook import Course, Row
from autograder.results import Result
from tests.odd_arrays import (
    ALTERED,
    FILLS,
    FORMS,
    INTERNAL,
    KINDS,
    SHAPES,
    TEXTS,
    made,
    the_solutions,
    with_arrays,
)
from tests.selection import sample

ALL = {part.name: part for part in (*PARTS, *EXTRAS)}
EXAMPLES = int(os.environ.get("ODD_EXAMPLES", "15"))  # of each part; 2000 were tried once
ENOUGH = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
# Kinds, shapes and fills go side by side; None is the shape that is right.
SYSTEMATIC = [
    *ALTERED,
    *((KINDS[i % 10], SHAPES[i % len(SHAPES)], fill) for i, fill in enumerate(FILLS * 2)),
    *((KINDS[i % 10], None, fill) for i, fill in enumerate(FILLS * 2)),
]
FREE = (  # need only be finite, or only name the mistake of a check that fails
    *("vanilla/losses", "lsgan/losses", "discriminator_loss/exchanged"),
    *("discriminator_loss_given_bce/exchanged", "ls_discriminator_loss/exchanged"),
)
TOGETHER = 4  # every fourth array of a probe is replaced at once: a check reads about four
RUNNER = dict.fromkeys(classroom50.NAMES.values(), "http://example.org")


@pytest.fixture(scope="module")
def judges() -> Iterator[dict[str, Judge]]:
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(Judge.for_staff(part)) for name, part in ALL.items()}


@pytest.fixture(scope="module")
def rights() -> dict[str, Outputs]:
    return {name: the_solutions(part) for name, part in ALL.items()}


def judged(judge: Judge, changed: Outputs, right: Outputs) -> Result:
    """Judge outputs; each check is won by right values or lost by a plain sentence."""
    result = grading.result(judge, changed, "ada")
    for check in result.checks:
        assert check.score == (check.max_score if check.status == "passed" else 0)
        assert len(check.message) <= MAX_MESSAGE
        assert "\n" not in check.message
        assert not [word for word in INTERNAL if word in check.message], check.message
        if check.status != "passed":
            assert check.message.strip()
    for verdict in judge.suite.judge(changed, judge.answers):
        check = verdict.check  # one that rests on others looks at less than the values
        if not (verdict.failure or verdict.remarks or check.instead or check.rests_on):
            odd = [key for key in verdict.read if changed.arrays[key] is not right.arrays.get(key)]
            for key in odd:
                assert is_possible(key, changed.arrays[key], right.arrays[key]), (
                    verdict.check,
                    key,
                )
    return result


def is_possible(key: str, got: np.ndarray, want: np.ndarray) -> bool:
    """Return whether a check may have passed on an array: nothing in it is far from what is right.

    A random sample may hold other numbers, and a truth value or a count tells a shape, or a slip.
    """
    if want.dtype.kind != "f" or "sample" in key or "biases" in key or key in FREE:
        return True
    if got.dtype.kind == "c" or not np.isfinite(got).all():
        return False
    size = max(float(np.abs(want).max(initial=0)), 1e-3)
    real = got.astype(np.float64)
    return real.size > 0 and bool(
        real.min() >= want.min() - size / 50 and real.max() <= want.max() + size / 50
    )


@pytest.mark.parametrize(
    ("name", "form"), sample([(name, form) for form in SYSTEMATIC for name in ALL], every=42)
)
def test_a_form_of_array_in_every_place_costs_checks_and_nothing_else(name, form, judges, rights):
    right = rights[name]
    for place in range(TOGETHER):
        arrays = {}
        for probe in right.statuses:
            keys = sorted(key for key in right.arrays if key.startswith(f"{probe}/"))
            for key in keys[place::TOGETHER]:
                own = right.arrays[key]
                whole = form if form[1] is not None else (form[0], own.shape, form[2])
                arrays[key] = made(whole, own)
        judged(judges[name], with_arrays(right, arrays), right)


@pytest.mark.parametrize("name", sample(ALL, every=3))
def test_any_arrays_cost_checks_and_nothing_else(name, judges, rights):
    right = rights[name]
    keys = sorted(right.arrays)
    unknown = [
        f"{probe}/{word}" for probe in right.statuses for word in ("strange", "losses", "flat")
    ]

    @ENOUGH
    @given(
        st.dictionaries(st.sampled_from(keys), st.one_of(FORMS, st.none()), min_size=1, max_size=3),
        st.dictionaries(st.sampled_from(unknown), FORMS, max_size=2),
    )
    def holds(replaced, added):
        own = right.arrays
        arrays = {k: None if form is None else made(form, own[k]) for k, form in replaced.items()}
        empty = np.zeros(3, np.float32)
        arrays |= {k: made(form, empty) for k, form in added.items() if k not in own}
        judged(judges[name], with_arrays(right, arrays), right)

    holds()


@pytest.mark.parametrize("name", ALL)
def test_a_probe_that_returned_nothing_costs_its_checks(name, judges, rights):
    for probe in rights[name].statuses:
        beginnings = (f"{probe}/", f"{probe}_given_")
        gone = {key: None for key in rights[name].arrays if key.startswith(beginnings)}
        result = judged(judges[name], with_arrays(rights[name], gone), rights[name])
        own = [check for check in result.checks if check.function == probe]
        assert "_given_" in probe or {check.status for check in own} <= {"failed", "skipped"}
        for check in own:
            assert "what came back from your code is incomplete" in check.message or check.withheld


# --- what is made of results -------------------------------------------------------------------


def reports_of(result: Result, found: Outputs, people: tuple[Person, ...], key: str) -> None:
    """Make everything that is made of a result; each must be valid UTF-8 and, where it is one, JSON."""
    part = ALL[found.part]
    again = Result.from_json(result.to_bytes())
    assert again == Result.from_json(again.to_bytes())
    assert outputs.loads(outputs.dumps(found)).statuses == found.statuses
    page = page_for(result, found, {}, people)
    rows = [Row(key, people, "2026-03-01T12:00:00+00:00", True, result), Row("bob", people)]
    page += webpage.class_page(part.title, rows, [], "layout", "rule")
    page.encode()
    assert "<script>alert" not in page and "\x1b" not in page and "\0" not in page
    for form in ("plain", "canvas", "nbgrader"):
        gradebook.render(form, rows, Course(part, "layout")).decode()
    for data in (
        gradescope.render([result], "visible", ["remark"]),
        classroom50.render([result], RUNNER, "2026", "2026"),
    ):
        json.loads(data.decode(), parse_constant=refuse)
    classroom50.summary([result])


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@pytest.mark.parametrize("name", sample(ALL, every=3))
def test_any_arrays_get_a_page_and_a_line_in_every_gradebook(name, judges, rights):
    right = rights[name]
    words = ("weight_shapes", "parameters", "losses", "sample", "outside", "shape")
    keys = [f"{probe}/{word}" for probe in right.statuses for word in words]

    @ENOUGH
    @given(st.dictionaries(st.sampled_from(keys), FORMS, min_size=1, max_size=4))
    def holds(replaced):
        empty = np.zeros((3, 2), np.int64)
        arrays = {k: made(form, right.arrays.get(k, empty)) for k, form in replaced.items()}
        changed = with_arrays(right, arrays)
        reports_of(judged(judges[name], changed, right), changed, (Person("Ada"),), "ada")

    holds()


def test_any_text_is_shown_as_text(judges):
    part = parts.get("gan_pytorch")
    statuses = st.sampled_from(
        ("error", "timeout", "crash", "unloadable", "slip", "missing", "todo")
    )

    @ENOUGH
    @given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3), statuses)
    def holds(message, name, key, notes, status):
        found = Outputs(
            part.name,
            {},
            {probe: ProbeStatus(status, message) for probe in part.probe_names()},
            tuple(notes),
        )
        result = grading.result(judges[part.name], found, key)
        people = (Person(name, id=name, email=message),)
        reports_of(result, found, people, key or "x")

    holds()


@pytest.mark.parametrize("fill", FILLS)
def test_shapes_of_weights_that_make_no_sense_are_a_line_on_the_page(fill, judges, rights):
    right = rights["gan_pytorch"]
    shapes = made(("<f8", (3, 4), fill), right.arrays["discriminator/public"])
    key = "discriminator/weight_shapes"
    changed = with_arrays(right, {key: shapes})
    page = page_for(judged(judges["gan_pytorch"], changed, right), changed, {}, (Person("Ada"),))
    odd = fill not in ("zero", "minus zero", "one")
    assert ("discriminator: the shapes of its weights" in page) is odd
    assert ("<summary><code>discriminator</code>" in page) is not odd

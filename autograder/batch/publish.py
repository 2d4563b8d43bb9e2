"""Write gradebooks, the class's page and students' pages from the stored results."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder import parts
from autograder.batch import digests
from autograder.batch.attempts import about_of
from autograder.batch.code import lines_of
from autograder.batch.groups import groups
from autograder.batch.predictions import predictions_of
from autograder.batch.store import CLASS, INTO, PARTS, ClassRecord, Store
from autograder.errors import AnswersError, JudgingError, reason
from autograder.files import write_bytes
from autograder.grading import PUBLIC_CHECKS, Graded
from autograder.handins import similarity
from autograder.handins.fragments import Fragments, every_fragment
from autograder.handins.layouts.entry import Person
from autograder.handins.submission import Submission
from autograder.handins.tables import read_table
from autograder.judging.scoring import released_answers, released_parts
from autograder.outputs import Array, Outputs, read_about
from autograder.parts import NETWORKS, Part
from autograder.reports import (
    diagrams,
    filled,
    gradebook,
    gradescope,
    histograms,
    lines,
    networks,
    pictures,
    webpage,
)
from autograder.reports.gradebook import Row
from autograder.reports.item_analysis import Unnamed
from autograder.reports.sheet import UNKNOWN, About, Sheet
from autograder.results import Result

PAGE = "index.html"


def publish(store: Store) -> list[str]:
    """Write the gradebooks and the class's page; raise AnswersError if what is stored is damaged.

    Returns a sentence for each student whose points a platform's own table does not take.
    """
    about = store.read_class()
    part = parts.get(about.part)
    rows, written = rows_of(store, about)
    course = gradebook.Course(part, about.layout, about.assignment, about.deadline)
    write_bytes(store.folder / "gradebook.csv", gradebook.render("plain", rows, course))
    unplaced = write_forms(store, about, rows, course)
    if "gradescope" in about.forms:
        _write_gradescope(store, rows)
    graded = [row.key for row in rows if row.result is not None]
    alike = similarity.groups({key: written[key] for key in graded}, _given(part))
    results = {row.key: row.result for row in rows if row.result is not None and not row.absent}
    by_key = {row.key: row for row in rows}
    unnamed = [
        Unnamed(
            one.id,
            one.function,
            one.message.removeprefix(f"{one.function}: "),  # the page says it before the message
            [by_key[key] for key in one.members],
            lines_of(store, one),
        )
        for one in groups(part, results, store.outputs)
    ]
    several = store.folder.parent.name == PARTS
    page = webpage.class_page(
        part.title,
        rows,
        alike,
        about.layout,
        about.rule,
        unnamed,
        tables_in(store),
        f"../../{PAGE}" if several and (store.folder.parent.parent / CLASS).is_file() else "",
        predictions_of(store),
    )
    write_bytes(store.folder / PAGE, page.encode())
    return unplaced


def tables_in(store: Store) -> list[str]:
    """Return the names of the gradebooks that are in a class's folder."""
    return sorted(path.name for path in store.folder.glob("gradebook*.csv"))


def rows_of(store: Store, about: ClassRecord) -> tuple[list[Row], dict[str, Fragments]]:
    """Return the class's rows with the results that are stored, and the functions' fragments by key."""
    rows, written = [], {}
    for e in about.entries:
        result, mark = store.result(e.key)
        rows.append(Row(e.key, e.people, e.submitted, e.late, result, e.absent))
        written[e.key] = mark.get("fragments", {})  # an older run stored none
    return rows, written


def write_forms(
    store: Store, about: ClassRecord, rows: Sequence[Row], course: gradebook.Course
) -> list[str]:
    """Write the tables for platforms; return a sentence for each student who is not in one."""
    unplaced: list[str] = []
    for form in about.forms:
        table = store.folder / INTO.format(form)
        if table.is_file():
            done = filled.fill(form, read_table(table), rows, course, about.column)
            data, unplaced = done.data, [*unplaced, *done.unplaced]
        elif form in gradebook.FORMS:
            data = gradebook.render(form, rows, course)
        else:
            continue  # Gradescope's is a file each; Moodle's own table is gone
        write_bytes(store.folder / f"gradebook-{form}.csv", data)
    return unplaced


def page_of(graded: Sequence[Graded]) -> str:
    """Return one submission's page over all of its parts."""
    return webpage.student_page(
        [sheet(one.result, one.outputs, released(one.part), About(file=one.file)) for one in graded]
    )


def page_for(
    result: Result,
    outputs: Outputs,
    answers: Mapping[str, Array],
    people: Sequence[Person],
    about: About = UNKNOWN,
) -> str:
    """Return the page of one hand-in of a class; `answers` are the released ones."""
    return webpage.student_page([sheet(result, outputs, answers, about)], people)


def replace_results(store: Store, results: Mapping[str, Result]) -> dict[str, str]:
    """Store results that were judged again, by the student's key, and rewrite every page.

    Returns the reasons why pages could not be made, by the students' keys; those results do not change.
    """
    about = store.read_class()
    part = parts.get(about.part)
    people = {entry.key: entry.people for entry in about.entries}
    judged, answers = digests.of_judging(part), released(part)
    failures: dict[str, str] = {}
    with store.opened():
        for key in store.finished():
            before, mark = store.result(key)
            try:
                result = results.get(key, before)
                if before is None or result is None:
                    raise AnswersError("its result cannot be read; grade the class again")
                about_it = about_of(store, key, mark)
                page = page_for(result, store.outputs(key), answers, people.get(key, ()), about_it)
            except Exception as problem:  # one student's problem must not cost the others
                failures[key] = reason(problem)
                continue
            store.write_result(key, result, page, {**mark, "judged": judged})
        publish(store)  # who has no line in the platform's table was told when the class was graded
    return failures


def released(part: Part) -> Mapping[str, Array]:
    """Return the released answers, which students' pages may show; empty if there are none."""
    path = part.stub.with_name(PUBLIC_CHECKS)
    if not path.is_file() or part.name not in released_parts(path):  # it is not released yet
        return {}
    return released_answers(part, path)


def sheet(
    result: Result, outputs: Outputs, answers: Mapping[str, Array], about: About = UNKNOWN
) -> Sheet:
    """Return one part of a student's page; raise JudgingError if what is stored cannot be shown."""
    try:
        return Sheet(
            result,
            networks.networks(outputs, answers),
            pictures.trainings(outputs),
            networks.unreadable(outputs),
            about=about,
            histograms=histograms.histograms(outputs),
            diagrams=diagrams.diagrams(outputs, answers, described(parts.get(result.part))),
            lines=lines.lines(outputs, answers),
        )
    except Exception as problem:
        raise JudgingError.of(f"the pages of {result.part}", problem) from problem


def described(part: Part) -> Mapping[str, str]:
    """Return what the solution's probes tell of its layers; empty where there are no answers."""
    if part.answers_of or not part.answers.is_file():
        return {}
    return _described(part.answers, part.answers.stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _described(path: Path, changed: int) -> Mapping[str, str]:
    """Read it from a file of answers; `changed`, its time, keeps the cache up to date."""
    found: Mapping[str, str] = read_about(path).get(NETWORKS, {})
    return found


def _write_gradescope(store: Store, rows: Sequence[Row]) -> None:
    """Write Gradescope's file into each student's folder."""
    for row in rows:
        if row.result is not None:
            write_bytes(store.of(row.key) / "results.json", gradescope.render([row.result]))


def _given(part: Part) -> set[int]:
    """Return the fragments of the stub's functions, which every student got."""
    path: Path = part.stub
    if not path.is_file():
        return set()
    return every_fragment(
        Submission("stub", path.name, {path.name: path.read_bytes()}), part.functions()
    )

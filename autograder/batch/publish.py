"""Write gradebooks, the class's page and students' pages from the stored results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder import parts
from autograder.batch import digests
from autograder.batch.store import INTO, ClassRecord, Store
from autograder.errors import AnswersError, JudgingError, reason
from autograder.files import write_bytes
from autograder.grading import PUBLIC_CHECKS, Graded
from autograder.handins import similarity
from autograder.handins.layouts.entry import Person
from autograder.handins.submission import Submission
from autograder.handins.tables import read_table
from autograder.judging.scoring import released_answers
from autograder.outputs import Array, Outputs
from autograder.parts import EXTRAS, Part
from autograder.reports import filled, gradebook, gradescope, pictures, webpage
from autograder.reports.gradebook import Row
from autograder.results import Result


def publish(store: Store) -> list[str]:
    """Write the gradebooks and the class's page; raise AnswersError if what is stored is damaged.

    Returns a sentence for each student whose points a platform's own table does not take.
    """
    about = store.read_class()
    part = parts.get(about.part)
    rows, shapes = rows_of(store, about)
    course = gradebook.Course(part, about.layout, about.assignment, about.deadline)
    write_bytes(store.folder / "gradebook.csv", gradebook.render("plain", rows, course))
    unplaced = write_forms(store, about, rows, course)
    if "gradescope" in about.forms:
        _write_gradescope(store, rows)
    graded = [row.key for row in rows if row.result is not None]
    alike = similarity.pairs({key: shapes[key] for key in graded}, _shapes_of_stub(part))
    page = webpage.class_page(part.title, rows, alike, about.layout, about.rule)
    write_bytes(store.folder / "index.html", page.encode())
    return unplaced


def rows_of(store: Store, about: ClassRecord) -> tuple[list[Row], dict[str, Mapping[str, str]]]:
    """Return the class's rows with the results that are stored, and the functions' shapes by key."""
    rows, shapes = [], {}
    for e in about.entries:
        result, mark = store.result(e.key)
        rows.append(Row(e.key, e.people, e.submitted, e.late, result, e.absent))
        shapes[e.key] = mark.get("shapes", {})
    return rows, shapes


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
        [sheet(one.result, one.outputs, released(one.part)) for one in graded]
    )


def page_for(
    result: Result, outputs: Outputs, answers: Mapping[str, Array], people: Sequence[Person]
) -> str:
    """Return the page of one hand-in of a class; `answers` are the released ones."""
    return webpage.student_page([sheet(result, outputs, answers)], people)


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
                page = page_for(result, store.outputs(key), answers, people.get(key, ()))
            except Exception as problem:  # one student's problem must not cost the others
                failures[key] = reason(problem)
                continue
            store.write_result(key, result, page, {**mark, "judged": judged})
        publish(store)  # who has no line in the platform's table was told when the class was graded
    return failures


def released(part: Part) -> Mapping[str, Array]:
    """Return the released answers, which students' pages may show; empty if there are none."""
    path = part.stub.with_name(PUBLIC_CHECKS)
    return released_answers(part, path) if path.is_file() and part not in EXTRAS else {}


def sheet(result: Result, outputs: Outputs, answers: Mapping[str, Array]) -> webpage.Sheet:
    """Return one part of a student's page; raise JudgingError if what is stored cannot be shown."""
    try:
        pages = webpage.networks(outputs, answers), pictures.trainings(outputs)
        shown = (*pages, webpage.unreadable(outputs))
    except Exception as problem:
        raise JudgingError.of(f"the pages of {result.part}", problem) from problem
    return webpage.Sheet(result, *shown)


def _write_gradescope(store: Store, rows: Sequence[Row]) -> None:
    """Write Gradescope's file into each student's folder."""
    for row in rows:
        if row.result is not None:
            write_bytes(store.of(row.key) / "results.json", gradescope.render([row.result]))


def _shapes_of_stub(part: Part) -> Mapping[str, str]:
    """Return the shapes of the functions in the stub, which every student got."""
    path: Path = part.stub
    if not path.is_file():
        return {}
    return similarity.shapes(Submission("stub", path.name, {path.name: path.read_bytes()}))

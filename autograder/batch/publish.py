"""Write what people look at, from what is stored: gradebooks, the class's page, students' pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder import parts
from autograder.batch import digests
from autograder.batch.store import Store
from autograder.errors import AnswersError
from autograder.files import write_bytes
from autograder.grading import PUBLIC_CHECKS, Graded
from autograder.handins import similarity
from autograder.handins.layouts.entry import Person
from autograder.handins.submission import Submission
from autograder.judging.scoring import released_answers
from autograder.outputs import Array, Outputs
from autograder.parts import EXTRAS, Part
from autograder.reports import gradebook, gradescope, pictures, webpage
from autograder.reports.gradebook import Row
from autograder.results import Result


def publish(store: Store) -> None:
    """Write gradebook, class page and platform gradebooks from what is stored; raise AnswersError."""
    about = store.read_class()
    part = parts.get(about.part)
    rows, shapes = [], {}
    for entry in about.entries:
        result, mark = store.result(entry.key)
        rows.append(Row(entry.key, entry.people, entry.submitted, entry.late, result))
        shapes[entry.key] = mark.get("shapes", {})
    course = gradebook.Course(part, about.layout, about.assignment, about.deadline)
    write_bytes(store.folder / "gradebook.csv", gradebook.render("plain", rows, course))
    for form in about.forms:
        if form == "gradescope":
            _write_gradescope(store, rows)
        else:
            data = gradebook.render(form, rows, course)
            write_bytes(store.folder / f"gradebook-{form}.csv", data)
    graded = [row.key for row in rows if row.result is not None]
    alike = similarity.pairs({key: shapes[key] for key in graded}, _shapes_of_stub(part))
    page = webpage.class_page(part.title, rows, alike, about.layout, about.rule)
    write_bytes(store.folder / "index.html", page.encode())


def page_of(graded: Sequence[Graded]) -> str:
    """Return one submission's page over all of its parts."""
    return webpage.student_page(
        [_sheet(one.result, one.outputs, released(one.part)) for one in graded]
    )


def page_for(
    result: Result, outputs: Outputs, answers: Mapping[str, Array], people: Sequence[Person]
) -> str:
    """Return the page of one hand-in of a class; `answers` are the released ones."""
    return webpage.student_page([_sheet(result, outputs, answers)], people)


def replace_results(store: Store, results: Mapping[str, Result]) -> None:
    """Store results that were judged again, by the student's key, and write every page anew."""
    about = store.read_class()
    part = parts.get(about.part)
    people = {entry.key: entry.people for entry in about.entries}
    judged, answers = digests.of_judging(part), released(part)
    with store.opened():
        for key in store.finished():
            before, mark = store.result(key)
            result = results.get(key, before)
            if result is None:
                raise AnswersError(f"{store.of(key)}: its result is gone; grade the class again")
            page = page_for(result, store.outputs(key), answers, people.get(key, ()))
            store.write_result(key, result, page, {**mark, "judged": judged})
        publish(store)


def released(part: Part) -> Mapping[str, Array]:
    """Return the answers that students were given, which their pages may show; none if none were."""
    path = part.stub.with_name(PUBLIC_CHECKS)
    return released_answers(part, path) if path.is_file() and part not in EXTRAS else {}


def _sheet(result: Result, outputs: Outputs, answers: Mapping[str, Array]) -> webpage.Sheet:
    return webpage.Sheet(result, webpage.networks(outputs, answers), pictures.trainings(outputs))


def _write_gradescope(store: Store, rows: Sequence[Row]) -> None:
    """Write Gradescope's file into each student's folder."""
    for row in rows:
        if row.result is not None:
            write_bytes(store.of(row.key) / "results.json", gradescope.render([row.result]))


def _shapes_of_stub(part: Part) -> Mapping[str, str]:
    """Return the shapes of the functions that every student was given."""
    path: Path = part.stub
    if not path.is_file():
        return {}
    return similarity.shapes(Submission("stub", path.name, {path.name: path.read_bytes()}))

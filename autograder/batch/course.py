"""Grade a class in several parts: each part in a folder of its own, and the class's pages above them.

DIR/parts/<part>/...              what `run` writes for one part
DIR/results/<student>/            feedback.html over all parts
DIR/gradebook.csv, index.html     a column a part and a total
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from autograder import parts as known_parts
from autograder.batch.attempts import about_of
from autograder.batch.predictions import predictions_of
from autograder.batch.progress import Progress, Summary
from autograder.batch.publish import released, rows_of, sheet, tables_in, write_forms
from autograder.batch.run import record_of
from autograder.batch.store import PARTS, RESULTS, Store
from autograder.errors import AnswersError, SubmissionError
from autograder.files import write_bytes
from autograder.handins.layouts.entry import Entry
from autograder.handins.roster import Roster
from autograder.handins.submission import HandIn
from autograder.handins.unchanged import still_stubs
from autograder.handins.writes import code_of, functions_in
from autograder.parts import Part
from autograder.reports import course, gradescope, webpage

GradePart = Callable[[Part, Path], Summary]
SHARE = 0.5  # of those who handed in the most common part: fewer do not make a part the class's


def count_hand_ins(roster: Roster, candidates: Sequence[Part]) -> dict[str, int]:
    """Return how many students handed in each part: not the untouched stub."""
    counts = dict.fromkeys((part.name for part in candidates), 0)
    for entry in roster.entries:
        shares = _shares(entry, candidates)
        named = {part.name for part in candidates if shares[part.name] and _is_named(entry, part)}
        whole = [part for part in candidates if shares[part.name] >= SHARE]
        best = max(whole, key=lambda part: shares[part.name] * len(part.functions()), default=None)
        # A single file of any name can be read as every part; it is the one that it defines most of.
        for name in named or ({best.name} if best else ()):
            counts[name] += 1
    return counts


def of_the_class(counts: Mapping[str, int], candidates: Sequence[Part]) -> list[Part]:
    """Return the parts that the class handed in; the first one if nobody handed in any.

    A few students' files do not give everybody else a part with 0 points.
    """
    most = max(counts.values(), default=0)
    chosen = [p for p in candidates if counts[p.name] and counts[p.name] >= SHARE * most]
    return chosen or list(candidates[:1])


def grade_parts(
    roster: Roster,
    chosen: Sequence[Part],
    output: Path,
    grade: GradePart,
    forms: Sequence[str] = (),
    deadline: dt.datetime | None = None,
    into: Path | None = None,
    column: str = "",
) -> Summary:
    """Grade each part with `grade(part, folder)`, then write the gradebooks and the class's pages.

    Raises AutograderError if the folder holds something else, or another run writes to it.
    """
    store = Store(output)
    names = tuple(part.name for part in chosen)
    with store.opened():
        store.require_same(", ".join(names), [entry.key for entry in roster.entries])
        wanted = [*forms, *store.earlier_forms()]
        about = record_of(roster, chosen[0], wanted, deadline, column)
        store.write_class(replace(about, parts=names))
        store.keep_table(forms, into)
        total = Progress(0)
        failures: dict[str, str] = {}
        unexplained: list[str] = []
        for part in chosen:
            done = grade(part, output / PARTS / part.name)
            total = _sum(total, done.progress)
            failures |= {f"{key}: {part.name}": why for key, why in done.failures.items()}
            unexplained += [f"{part.name}: {line}" for line in done.unexplained]
        unplaced = publish_course(store)
    return Summary(total, failures, tuple(unplaced), tuple(unexplained))


def publish_course(store: Store) -> list[str]:
    """Write the class's gradebooks and pages over all parts from what is stored of each.

    Returns a sentence for each student whose points a platform's own table does not take.
    """
    about = store.read_class()
    graded = []
    for name in about.parts:
        rows, _ = rows_of(store.part(name), about)
        graded.append(course.Graded(known_parts.get(name), rows, f"{PARTS}/{name}/index.html"))
    write_bytes(store.folder / "gradebook.csv", course.table(graded))
    rows = course.totals(graded)
    common = course.course_of(about.layout, about.assignment, about.deadline)
    unplaced = write_forms(store, about, rows, common)
    for number in range(len(rows)):
        _write_student(store, graded, number, "gradescope" in about.forms)
    keys = {row.key for row in rows}
    for folder in (store.folder / RESULTS).glob("*"):
        if folder.name not in keys and folder.is_dir():
            shutil.rmtree(folder)  # only pages, which are made again
    predictions = {
        key: letters
        for name in about.parts
        for key, letters in predictions_of(store.part(name)).items()
    }
    page = course.page(graded, about.layout, about.rule, tables_in(store), predictions)
    write_bytes(store.folder / "index.html", page.encode())
    return unplaced


def _write_student(
    store: Store, graded: Sequence[course.Graded], number: int, for_gradescope: bool
) -> None:
    """Write a student's page over all parts that have a result."""
    row = graded[0].rows[number]
    sheets = []
    for one in graded:
        result = one.rows[number].result
        try:
            if result is not None:
                of_part = store.part(one.part.name)
                way = f"../../{PARTS}/{one.part.name}/{RESULTS}/{quote(row.key, safe='')}/"
                about = about_of(of_part, row.key, of_part.result(row.key)[1], way)
                outputs = of_part.outputs(row.key)
                sheets.append(sheet(result, outputs, released(one.part), about))
        except AnswersError:
            continue  # damaged since; the next run makes it again
    if sheets:
        page = webpage.student_page(sheets, row.people)
        write_bytes(store.of(row.key) / "feedback.html", page.encode(errors="replace"))
        if for_gradescope:
            data = gradescope.render([one.result for one in sheets])
            write_bytes(store.of(row.key) / "results.json", data)


def _shares(entry: Entry, candidates: Sequence[Part]) -> dict[str, float]:
    """Return by part which share of its functions a hand-in defines; the files are read once."""
    try:
        hand_in = entry.open()
    except SubmissionError:
        return dict.fromkeys((part.name for part in candidates), 0.0)
    except Exception:  # one student's problem costs nobody else; grading tells what it is
        return dict.fromkeys((part.name for part in candidates), 1.0)
    return {part.name: _share(entry, hand_in, part) for part in candidates}


def _share(entry: Entry, hand_in: HandIn, part: Part) -> float:
    """Return which share of a part's functions a hand-in defines; 0 for the released stub."""
    try:
        submission = hand_in.of(part)
    except SubmissionError:
        return 0.0
    except Exception:  # as in `_shares`
        return 1.0
    text, functions = submission.files[submission.main], {*part.functions()}
    stub = part.stub.read_bytes() if part.stub.is_file() else b""
    if text.split() == stub.split() or functions <= still_stubs(submission, part):
        return 0.0
    if _is_named(entry, part):
        return 1.0
    return len(functions_in(code_of(submission.main, text) or "", part) & functions) / len(
        functions
    )


def _is_named(entry: Entry, part: Part) -> bool:
    return any(PurePosixPath(name).stem.startswith(part.stem) for name in entry.names.values())


def _sum(one: Progress, other: Progress) -> Progress:
    return Progress(
        one.total + other.total,
        one.kept + other.kept,
        one.graded + other.graded,
        one.failed + other.failed,
    )

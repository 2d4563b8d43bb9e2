"""Grade a notebook's test cells outside its kernel; nbgrader_config.py names these classes.

nbgrader takes a test cell's points from the cell's output, which the student's own kernel wrote. Here
the engine writes it instead: the student's file runs in the sandbox, the answers stay out of its reach,
and the cell shows the same as `autograder grade`.
"""

from __future__ import annotations

import functools
import html
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Unicode

from autograder import grading, parts
from autograder.errors import SubmissionError
from autograder.grading import Grader
from autograder.notebook import Report, until_exit
from autograder.parts import Part
from autograder.platforms.nbgrader.six_steps import read_steps
from autograder.results import Result

TEST = "test_"
STEPS = "question_1"  # the written answer that is graded automatically


class GradeCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Fill in the output of every test cell `test_<function>` from the engine's result."""

    part = Unicode(
        help="The part that the assignment holds; by default the one named like its notebook."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Grade the files beside the notebook, and write each function's points and checks."""
        part = parts.get(self.part or resources["nbgrader"]["notebook"])
        functions = set(part.functions())
        cells = {
            cell.metadata["nbgrader"]["grade_id"].removeprefix(TEST): cell
            for cell in nb.cells
            if cell.cell_type == "code" and utils.is_grade(cell)
        }
        if not functions & cells.keys():
            return nb, resources
        try:
            result = grade(Path(resources["metadata"]["path"]), part)
            reason = ""
        except SubmissionError as problem:
            result, reason = None, str(problem)
        for function in functions & cells.keys():
            cells[function].outputs = [_output(function, result, reason)]
        return nb, resources


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """Save the grades, and grade the six steps of the first written question if they can be read.

    An answer that cannot be read waits for a person, as manual answers do. A person's grade wins.
    """

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        if name != STEPS or cell.cell_type != "markdown":
            return
        steps = read_steps(cell.source)
        if steps is None:
            return
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = round(steps.share * float(cell.metadata["nbgrader"]["points"]), 2)
        grade.needs_manual_grade = grade.manual_score is not None
        self.gradebook.db.commit()


def grade(folder: Path, part: Part) -> Result:
    """Grade the hand-in in a folder; raise SubmissionError if it holds none."""
    [graded] = grading.grade(folder, [part], grader=_grader(part))
    return graded.result


@functools.lru_cache(maxsize=8)
def _grader(part: Part) -> Grader:
    """Return a warm grader that lasts until nbgrader ends."""
    return until_exit(Grader([part], preload=[*part.imports, "torchvision"]))


def _output(function: str, result: Result | None, reason: str) -> NotebookNode:
    """Return an output whose plain text is the points, and whose HTML says why."""
    if result is None:
        return new_output("execute_result", {"text/plain": "0.0", "text/html": html.escape(reason)})
    checks = tuple(check for check in result.checks if check.function == function)
    report = Report(function, checks, result.notes, public=False)
    points = sum(check.score for check in checks)
    return new_output(
        "execute_result", {"text/plain": repr(points), "text/html": report._repr_html_()}
    )

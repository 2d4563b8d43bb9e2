"""The real nbgrader over a class whose notebooks were damaged: a right module keeps its points."""

from __future__ import annotations

import shutil

import pytest

from autograder.platforms.nbgrader.hand_ins import ORIGINALS
from autograder.staff import release
from tests.damages import DAMAGES, NAME
from tests.test_nbgrader import PART, RIGHT_STEPS, SOLUTION, hand_in, home, nbgrader, pytestmark

__all__ = ["home", "nbgrader", "pytestmark"]  # fixtures and marks that count here, too
REASON = "a minute: nbgrader grades a class of twenty"


@pytest.fixture(scope="module")
def course(nbgrader, tmp_path_factory):
    """Take a class of damaged notebooks, and one in order, from release to feedback."""
    course = tmp_path_factory.mktemp("course")
    release.release_course(PART, course)
    nbgrader(course, "generate_assignment", PART.name)
    for student, damage in {"whole": None, **{n: d for n, (d, _) in DAMAGES.items()}}.items():
        folder = course / "submitted" / student / PART.name
        shutil.copytree(course / "release" / PART.name, folder)
        hand_in(folder, SOLUTION, RIGHT_STEPS)
        if damage is not None:
            damage(folder)
    nbgrader(course, "autograde", PART.name)
    nbgrader(course, "generate_feedback", PART.name)
    return course


@pytest.mark.exhaustive(reason=REASON)
def test_a_right_module_keeps_its_points_and_has_feedback_whatever_the_damage(course):
    from nbgrader.api import Gradebook

    scores = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(PART.name):
            (notebook,) = submission.notebooks
            grades = {grade.name: grade.auto_score for grade in notebook.grades}
            steps = grades.pop("question_1")
            points = sum(score for name, score in grades.items() if name.startswith("test_"))
            scores[submission.student.id] = points, steps
    found = {"whole": True, **{name: found for name, (_, found) in DAMAGES.items()}}
    assert {name: points for name, (points, _) in scores.items()} == dict.fromkeys(found, 100.0)
    for name, was_found in found.items():
        assert (scores[name][1] == 6.0) == was_found, name
        page = course / "feedback" / name / PART.name / NAME.replace(".ipynb", ".html")
        text = page.read_text()
        assert ("put in order before it was graded" in text) == (name != "whole"), name
        kept = list((course / "submitted" / name / PART.name).glob(f"{ORIGINALS}/*"))
        assert len(kept) == (name not in ("whole", "absent")), name


def test_the_settings_of_a_course_ask_for_the_repair(tmp_path):
    release.release_course(PART, tmp_path)
    assert "hand_ins.install()" in (tmp_path / "nbgrader_config.py").read_text()

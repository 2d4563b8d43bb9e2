"""What must hold for every part of the homework, whoever wrote it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.handins.submission import find
from autograder.judging.suite import Suite
from autograder.outputs import read_npz
from autograder.parts import PARTS, Part
from autograder.staff import record, release

pytestmark = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)


def test_the_solution_earns_every_point(part, grader):
    result, _ = grader.grade(find(part.solution, part), part)
    assert {c.name: c.message for c in result.checks if c.status != "passed"} == {}
    assert result.score == result.max_score == 100
    assert result.notes == ()


def test_the_stub_earns_nothing_and_is_told_what_is_still_to_do(part, grader):
    result, _ = grader.grade(find(part.stub, part), part)
    assert result.score == 0
    handed_out = functions_with_a_bug(part.solution)
    undone = [c for c in result.checks if c.function not in handed_out]
    assert undone and {c.status for c in undone} == {"skipped"}
    assert all(c.message == f"{c.function}: still to do" for c in undone)
    assert {c.status for c in result.checks if c.function in handed_out} <= {"failed", "error"}


def functions_with_a_bug(path: Path) -> set[str]:
    """Return the functions that students get as code with a bug to find, not as a gap."""
    source = path.read_text()
    return {
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and "### STUB" in (ast.get_source_segment(source, node) or "")
    }


def test_the_stored_answers_are_the_solutions_outputs(part, grader):
    assert record.verify(part, grader.workers) == []


@pytest.fixture(scope="module")
def out_of_date():
    """Return what the released folder complains about; it holds all parts."""
    return release.verify(PARTS, PARTS[0].stub.parent)


def test_the_released_files_are_up_to_date(part, out_of_date):
    assert part.stub.parent == PARTS[0].stub.parent
    assert out_of_date == []


def test_the_answers_are_small_and_say_where_they_come_from(part):
    assert part.answers.stat().st_size < 1_000_000
    _, about = read_npz(part.answers)
    assert {"solution", "probes", "torch", "numpy", "platform", "date"} <= about.keys()
    assert about["solution"] == record.sha256(part.solution)


def test_every_probe_is_judged_by_a_check_and_every_check_has_a_probe(part):
    with Suite(part.suite) as suite:
        judged = {c.probe for c in suite.checks} | {c.instead for c in suite.checks} - {None}
    assert judged == set(part.probe_names())


def test_titles_are_sentences_and_no_two_are_the_same(part):
    with Suite(part.suite) as suite:
        titles = [check.title for check in suite.checks]
    assert len(set(titles)) == len(titles)
    assert all(title[0].isupper() and title.endswith(".") for title in titles)


def test_the_stub_holds_no_line_of_the_solutions_marked_regions(part):
    stub = part.stub.read_text()
    ast.parse(stub)
    for line in marked_lines(part.solution):
        assert line not in stub, line


def marked_lines(path: Path) -> list[str]:
    """Return the lines between the markers that say something of their own."""
    lines, inside = [], False
    for line in path.read_text().splitlines():
        if "### BEGIN SOLUTION" in line:
            inside = True
        elif "### END SOLUTION" in line or "### STUB" in line:
            inside = False
        elif inside and len(line.strip()) > 12:
            lines.append(line.strip())
    assert lines
    return lines


def test_a_part_is_found_by_its_files(part: Part):
    for path in (part.solution, part.stub, part.answers, part.probes, part.suite):
        assert path.is_file(), path
    assert part.mistakes.is_dir()

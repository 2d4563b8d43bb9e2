"""Gradebooks in the forms that platforms read, whatever students are called."""

from __future__ import annotations

import csv
import io

import pytest

from autograder.handins.layouts.entry import (
    CANVAS_EXPORT,
    GRADESCOPE_EXPORT,
    MOODLE_EXPORT,
    NBGRADER_COURSE,
    Person,
)
from autograder.parts import get
from autograder.reports import gradebook
from autograder.reports.gradebook import Row
from autograder.results import CheckResult, Result

PART = get("gan_pytorch")
NAMES = ["Ada Lovelace", 'O\'Neil, Shaun "Q"', "山田 太郎", "Łukasz Żółć", "فاطمة"]


def result(score=12.345, notes=("asks for CUDA",)):
    checks = (
        CheckResult("shape", "It has the right shape.", 4.0, 4.0, "passed", function="generator"),
        CheckResult(
            "value", "It is right.", 0.0, 6.0, "error", "It is wrong.", function="bce_loss"
        ),
    )
    return Result("gan_pytorch", "ada", score, 100.0, checks, notes=notes, seconds=1.5)


def row(*people, **more):
    more.setdefault("result", result())
    return Row(people[0].name, people, **more)


def lines(form, rows, deadline="", layout="", assignment=""):
    text = gradebook.render(
        form, rows, gradebook.Course(PART, layout, assignment, deadline)
    ).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("form", ["plain", "canvas", "nbgrader"])
@pytest.mark.parametrize("name", NAMES)
def test_any_name_survives_the_table(form, name):
    table = lines(form, [row(Person(name, "7", "x@example.edu"))])
    assert {len(line) for line in table} == {len(table[0])}
    told = table[-1]
    if form == "nbgrader":
        assert sorted([told[4], told[5]]) == sorted(
            reversed(name.split(", ")) if ", " in name else name.rpartition(" ")[::2]
        )
    else:
        assert told[0] == name


def test_canvas_finds_its_columns_the_maxima_and_two_decimals():
    table = lines("canvas", [row(Person("Ada", "42", "ada@example.edu"))], layout=CANVAS_EXPORT)
    assert table[0] == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        "GANs on handwritten digits",
    ]
    assert "Points Possible" in table[1][0] and table[1][-1] == "100.00"
    assert table[2] == ["Ada", "42", "", "ada@example.edu", "", "12.35"]


def test_nbgrader_has_the_columns_of_its_export_and_utc_times():
    when = "2026-03-01T12:30:00+01:00"
    table = lines("nbgrader", [row(Person("Ada Lovelace", "ada"), submitted=when)], when)
    assert table[0] == (
        "assignment duedate timestamp student_id last_name first_name email "
        "raw_score late_submission_penalty score max_score"
    ).split(" ")
    told = dict(zip(*table))
    assert told["assignment"] == "gan_pytorch" and told["student_id"] == "ada"
    assert told["timestamp"] == told["duedate"] == "2026-03-01 11:30:00"
    assert told["score"] == told["raw_score"] == "12.345"
    assert told["max_score"] == "100" and told["late_submission_penalty"] == "0.0"


def test_everybody_of_a_group_has_a_line():
    table = lines("plain", [row(Person("Ada", "1"), Person("Bob", "2"))])
    assert [line[0] for line in table[1:]] == ["Ada", "Bob"]
    assert {line[6] for line in table[1:]} == {"12.345"}


@pytest.mark.parametrize("form", ["plain", "canvas", "nbgrader"])
def test_who_has_no_result_has_an_empty_score_and_not_a_zero(form):
    table = lines(form, [row(Person("Ada", "1"), result=None), row(Person("Bob", "2"))])
    column = {"plain": 6, "canvas": 5, "nbgrader": 9}[form]
    ada = next(line for line in table if "Ada" in line)
    assert ada[column] == ""


@pytest.mark.parametrize("form", ["plain", "canvas", "nbgrader"])
@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_spreadsheet_computes_nothing_that_a_student_chose(form, name):
    told = lines(form, [row(Person(name, name, name))], layout=CANVAS_EXPORT)[-1]
    assert sum(cell == "'" + name.replace("\t", " ") for cell in told) >= 3
    assert name not in told


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        (CANVAS_EXPORT, ["42", "", "a@x"]),
        (GRADESCOPE_EXPORT, ["", "42", "a@x"]),
        (MOODLE_EXPORT, ["", "", "a@x"]),
        (NBGRADER_COURSE, ["", "", "42"]),
    ],
)
def test_canvas_gets_no_number_that_is_somebody_elses(layout, told):
    table = lines("canvas", [row(Person("Ada", "42", "a@x"))], layout=layout)
    assert table[2][1:4] == told


def test_nbgrader_gets_its_own_name_of_the_assignment():
    table = lines("nbgrader", [row(Person("Ada", "ada"))], assignment="ps2")
    assert table[1][0] == "ps2"


@pytest.mark.parametrize("name", [*NAMES, "Jörg", "Zoë"])
def test_excel_gets_a_mark_where_it_would_misread_a_letter_and_programs_get_none(name):
    for form in ("plain", "canvas", "nbgrader"):
        data = gradebook.render(form, [row(Person(name))], gradebook.Course(PART))
        needed = form == "plain" and not name.isascii()
        assert data.startswith(b"\xef\xbb\xbf") is needed

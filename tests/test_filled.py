"""Points go back into the table that Canvas or Moodle exported, and nothing else in it changes."""

from __future__ import annotations

import csv
import io

import pytest

from autograder import parts
from autograder.errors import AutograderError
from autograder.handins.layouts.entry import (
    CANVAS_EXPORT,
    FILES,
    GRADESCOPE_EXPORT,
    MOODLE_EXPORT,
    NBGRADER_COURSE,
    Person,
)
from autograder.handins.tables import parse_table
from autograder.reports import filled
from autograder.reports.gradebook import Course, Row
from autograder.results import Result

PART = parts.get("gan_pytorch")
TITLE = PART.title
CANVAS = f"""Student,ID,SIS User ID,SIS Login ID,Section,Notes,Quiz (11),{TITLE} (1234),Final Score
,,,,,,,Manual Posting,
    Points Possible,,,,,,5.00,100.00,(read only)
"Lindt, Ada",100001,u17,alindt,"A, and B",,4.50,,12.3
"Row, Bo",100002,u18,brow,A,,,EX,0
"Zed, Zoe",100003,u19,z@x.edu,A,,-,12.00,0
"Müller, Jörg",100004,u20,jm,A,,,N/A,0
"Student, Test",100009,,x,A,,,,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 1001,Ada Lindt,ada@x.edu,Submitted for grading,,20.00,Yes,"Sunday, 1 March 2026",-,
Participant 1002,Bo Row,bo@x.edu,No submission,7.00,20.00,Yes,-,-,"<p>two
lines</p>"
"""


def graded(person, score=87.125, full=100.0, **more):
    return Row(person.name, (person,), result=Result("gan_pytorch", "x", score, full, ()), **more)


def fill(text, rows, layout, form="canvas", column="", where="table"):
    data = text if isinstance(text, bytes) else text.encode()
    return filled.fill(form, parse_table(data, where), rows, Course(PART, layout), column)


def cells(data, delimiter=","):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def changed(text, done, delimiter=","):
    """Return the cells that differ from the table before, by row and column."""
    before, after = cells(text.encode(), delimiter), cells(done.data, delimiter)
    assert [len(row) for row in before] == [len(row) for row in after]
    return {
        (i, j): new
        for i, (was, now) in enumerate(zip(before, after))
        for j, (old, new) in enumerate(zip(was, now))
        if old != new
    }


@pytest.mark.parametrize(
    ("layout", "person"),
    [
        (CANVAS_EXPORT, Person("lindtada", "100001")),
        (GRADESCOPE_EXPORT, Person("Somebody", "U17")),
        (NBGRADER_COURSE, Person("alindt", "alindt")),
        (FILES, Person("Ada Lindt")),
        (FILES, Person("lindt ada")),
        (FILES, Person("LINDT, Ada", "999")),
    ],
)
def test_canvass_export_gets_the_points_in_one_cell(layout, person):
    done = fill(CANVAS, [graded(person)], layout)
    assert changed(CANVAS, done) == {(3, 7): "87.12"} and done.unplaced == ()


@pytest.mark.parametrize(
    ("layout", "person"),
    [
        (CANVAS_EXPORT, Person("lindtxada", "100010")),
        (GRADESCOPE_EXPORT, Person("x", "100001")),  # another university's number
        (FILES, Person("Ada")),
        (FILES, Person("Points Possible")),
    ],
)
def test_who_is_not_in_the_table_is_told_and_no_cell_changes(layout, person):
    done = fill(CANVAS, [graded(person)], layout)
    assert changed(CANVAS, done) == {}
    assert done.unplaced == (f"{person.name}: not found in the table of --into",)


def test_excused_unassigned_and_absent_students_keep_their_cells():
    rows = [
        graded(Person("b", "100002")),
        graded(Person("j", "100004")),
        graded(Person("z", "100003"), absent=True),
        Row("a", (Person("a", "100001"),), result=None),
    ]
    done = fill(CANVAS, rows, CANVAS_EXPORT)
    assert changed(CANVAS, done) == {}
    assert [one.rpartition(" ")[2] for one in done.unplaced] == ["EX", "N/A"]


def test_points_are_scaled_to_what_the_platform_has():
    done = fill(CANVAS.replace("100.00", "20"), [graded(Person("a", "100001"))], CANVAS_EXPORT)
    assert cells(done.data)[3][7] == "17.43"
    none = fill(CANVAS.replace("100.00", ""), [graded(Person("a", "100001"))], CANVAS_EXPORT)
    assert cells(none.data)[3][7] == "87.12"


def test_two_hand_ins_for_one_line_are_told():
    rows = [graded(Person("Ada Lindt")), graded(Person("Lindt, Ada"), 3.0)]
    done = fill(CANVAS, rows, FILES)
    assert cells(done.data)[3][7] == "87.12" and "another hand-in" in done.unplaced[0]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_file_is_written_as_it_was_read(mark, newline):
    text = CANVAS.replace("\n", newline)
    done = fill(mark + text.encode(), [graded(Person("a", "100001"))], CANVAS_EXPORT)
    assert done.data.startswith(mark + b"Student,") and newline.encode() in done.data
    assert (b"\r" in done.data) is ("\r" in newline)
    assert cells(done.data)[6][0] == "Müller, Jörg"


def test_a_table_with_semicolons_and_decimal_commas_stays_one():
    text = (
        "Student;ID;SIS Login ID;Section;HW (7)\n    Points Possible;;;;50,00\n"
        '"Lindt, Ada";1;al;A;\n"Row, Bo";2;br;A;12,50\n'
    )
    done = fill(text, [graded(Person("a", "1"))], CANVAS_EXPORT)
    assert changed(text, done, ";") == {(2, 4): "43,56"}


@pytest.mark.parametrize("column", ["Quiz (11)", "quiz", "11"])
def test_the_column_may_be_named(column):
    done = fill(CANVAS, [graded(Person("a", "100001"))], CANVAS_EXPORT, column=column)
    assert changed(CANVAS, done) == {(3, 6): "4.36"}


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        (CANVAS, "Essay", "no column is called 'Essay'"),
        (CANVAS.replace(TITLE, "HW4"), "", "Quiz (11), HW4 (1234)"),
        (CANVAS.replace("100.00", "(read only)"), "", "can only be read"),
        (CANVAS.replace("Points Possible", "Maximum"), "", "no row says Points Possible"),
        ("a,b\n1,2\n", "", "not a gradebook that Canvas exported"),
        (MOODLE, "", "not a gradebook that Canvas exported"),
    ],
)
def test_what_is_not_clear_is_refused_with_what_to_do(text, column, words):
    with pytest.raises(AutograderError, match="--into") as caught:
        fill(text, [], CANVAS_EXPORT, column=column)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("layout", "person"),
    [
        (MOODLE_EXPORT, Person("Somebody", "1001")),
        (FILES, Person("Lindt Ada")),
        (GRADESCOPE_EXPORT, Person("A", "17", "ADA@x.edu")),
    ],
)
def test_moodles_worksheet_gets_the_grade_in_one_cell(layout, person):
    done = fill(MOODLE, [graded(person)], layout, "moodle")
    assert changed(MOODLE, done) == {(1, 4): "17.43"} and done.unplaced == ()


def test_moodles_worksheet_in_german_of_groups():
    text = (
        "\ufeffID,Vollständiger Name,Status,Gruppe,Bewertung,Bestwertung,Feedback als Kommentar\n"
        'Teilnehmer/in1001,Ada Lindt,x,Team Blue,,"100,00",\n'
        'Teilnehmer/in1002,Bo Row,x,Team Blue,,"100,00",\n'
        'Teilnehmer/in77,Cy Zed,x,Standardgruppe,,"100,00",\n'
    )
    done = fill(text, [graded(Person("Team Blue", "77"))], MOODLE_EXPORT, "moodle")
    assert [row[4] for row in cells(done.data)[1:]] == ["87,12", "87,12", ""]
    assert done.data.startswith(b"\xef\xbb\xbf")


FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "a;=1", "a\n=1", "＝1"]


@pytest.mark.parametrize("evil", FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_formula_in_any_cell_becomes_text(evil, delimiter):
    buffer = io.StringIO()
    rows = [["Student", "ID", "SIS Login ID", "Section", "Notes", "HW (7)"]]
    rows += [["Points Possible", "", "", "", "", "10"], [evil, "1", evil, evil, evil, ""]]
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    done = fill(buffer.getvalue(), [graded(Person(evil, "1"))], CANVAS_EXPORT)
    for cell in cells(done.data, delimiter)[2]:
        assert "'" in cell or cell in ("1", "8.71")
    assert done.unplaced == ()


@pytest.mark.parametrize("cell", ["-", "+", "-5.00", "+3", "12,5", "-1.234,50", "N/A", "", "95 %"])
def test_numbers_and_signs_of_the_platform_stay(cell):
    text = CANVAS.replace("4.50", f'"{cell}"')
    assert changed(text, fill(text, [], CANVAS_EXPORT)) == {}

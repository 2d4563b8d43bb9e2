"""A list of the course, as any platform exports it, gives every student a row, a name and an id."""

from __future__ import annotations

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins.enrolled import read_enrolled
from autograder.handins.roster import find_class

PART = parts.get("gan_pytorch")
TEXT = "def sample_noise(batch_size, dim, seed=None):\n    return None\n"
LISTS = {
    "Canvas's gradebook": (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW4 (1234),Final Score\n"
        ",,,,,Manual Posting,\n"
        "    Points Possible,,,,,100.00,(read only)\n"
        '"Lindt, Ada",100001,u17,alindt,A,,0\n'
        '"Row, Bo",100002,u18,brow,A,,0\n'
        '"Student, Test",100009,,x,A,,\n',
        {"Lindt, Ada": "u17", "Row, Bo": "u18"},
    ),
    "Moodle's worksheet": (
        "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade\n"
        "Participant 1001,Ada Lindt,ada@x.edu,Submitted,,100\n"
        "Participant 1002,Bo Row,bo@x.edu,No submission,,100\n",
        {"Ada Lindt": "Participant 1001", "Bo Row": "Participant 1002"},
    ),
    "Moodle's participants in German": (
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\n"
        "Ada;Lindt;0017;ada@x.edu;Team Blue\nBo;Row;0018;bo@x.edu;Team Blue, Lab 1\n",
        {"Ada Lindt": "0017", "Bo Row": "0018"},
    ),
    "Gradescope's roster": (
        "First Name,Last Name,SID,Email,Role,Sections\n"
        "Ada,Lindt,17,ada@x.edu,Student,A\nBo,Row,18,bo@x.edu,Student,A\n"
        "Prof,Essor,,p@x.edu,Instructor,\n",
        {"Ada Lindt": "17", "Bo Row": "18"},
    ),
    "nbgrader's students": (
        "id,first_name,last_name,email,lms_user_id\nada,Ada,Lindt,a@x,\nbo,Bo,Row,b@x,\n",
        {"Ada Lindt": "ada", "Bo Row": "bo"},
    ),
    "Blackboard's grade centre": (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\n'
        "Lindt\tAda\talindt\t17\t\nRow\tBo\tbrow\t18\t\n",
        {"Ada Lindt": "17", "Bo Row": "18"},
    ),
    "Brightspace's grades": (
        "OrgDefinedId,Username,Last Name,First Name,HW4 Points Grade,End-of-Line Indicator\n"
        "#17,#alindt,Lindt,Ada,,#\n#18,#brow,Row,Bo,,#\n",
        {"Ada Lindt": "17", "Bo Row": "18"},
    ),
    "Sakai's grades": (
        "HW 4,Points\n\nDisplay ID,ID,Last Name,First Name,grade\n"
        "alindt,17,Lindt,Ada,\nbrow,18,Row,Bo,\n",
        {"Ada Lindt": "alindt", "Bo Row": "brow"},
    ),
    "one of our own": ("name,id\nAda Lindt,17\nBo Row,18\n", {"Ada Lindt": "17", "Bo Row": "18"}),
}


def listed(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return read_enrolled(path)


def entries(tmp_path, names, students, form=""):
    for name in names:
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT)
    return find_class(tmp_path / "class", PART, students=students, form=form)


@pytest.mark.parametrize("kind", LISTS)
def test_every_platforms_list_is_read(kind, tmp_path):
    text, wanted = LISTS[kind]
    students = listed(tmp_path, text)
    assert [student.name for student in students] == list(wanted)
    roster = entries(tmp_path, ["nobody/gan_pytorch.py"], students)
    found = {e.people[0].name: e.people[0].id for e in roster.entries if e.absent}
    assert found == wanted
    assert "not on the list" in roster.warnings[0] and "nobody" in roster.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_is_read_as_excel_saves_it(encoding, mark, tmp_path):
    text = mark.join(("Name", "ID")) + "\r\n" + mark.join(("Jörg Müller", "7")) + "\r\n"
    assert [student.name for student in listed(tmp_path, text, encoding)] == ["Jörg Müller"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "Canvas's gradebook",
            ["lindtada_100001_900001_gan_pytorch.py", "zedzoe_100003_900003_x.py"],
        ),
        (
            "Moodle's worksheet",
            ["Lindt Ada_1001_assignsubmission_file_/x.py", "Z_9_assignsubmission_file_/x.py"],
        ),
        ("nbgrader's students", ["submitted/ada/gan_pytorch/gan_pytorch.py"]),
        ("one of our own", ["Ada Lindt/gan_pytorch.py"]),
        ("one of our own", ["lindt_ada.py"]),
        ("one of our own", ["LINDT, Ada/x.py"]),
        ("Blackboard's grade centre", ["HW4_alindt_attempt_2026-03-01-10-00-00_x.py"]),
        ("Gradescope's roster", ["ada/gan_pytorch.py"]),  # her address begins so
    ],
)
def test_a_hand_in_gets_its_students_name_and_who_is_missing_a_row(kind, names, tmp_path):
    students = listed(tmp_path, LISTS[kind][0])
    roster = entries(tmp_path, names, students)
    ada, bo = (student.name for student in students)
    by_name = {entry.people[0].name: entry for entry in roster.entries}
    assert not by_name[ada].absent and by_name[bo].absent
    assert by_name[ada].people[0].id and by_name[bo].people[0].id
    assert len(roster.entries) == len(names) + 1
    with pytest.raises(SubmissionError, match="nothing was handed in"):
        by_name[bo].load(PART)


def test_a_groups_hand_in_is_a_row_for_each_of_its_students(tmp_path):
    students = listed(tmp_path, LISTS["Moodle's participants in German"][0])
    names = ["Team Blue_77_assignsubmission_file/x.py", "Z_9_assignsubmission_file/x.py"]
    roster = entries(tmp_path, names, students)
    people = {p.name: p.id for e in roster.entries for p in e.people if not e.absent}
    assert people == {"Ada Lindt": "0017", "Bo Row": "0018", "Z": "9"}


def test_of_two_students_of_one_name_nobody_is_guessed(tmp_path):
    students = listed(tmp_path, "name,id\nKim Lee,1\nKim Lee,2\n")
    roster = entries(tmp_path, ["Kim Lee/x.py"], students)
    assert sorted(e.absent for e in roster.entries) == [False, True, True]
    assert "Kim Lee" in roster.warnings[0]


def test_two_folders_of_one_listed_student_are_one_student(tmp_path):
    students = listed(tmp_path, LISTS["one of our own"][0])
    roster = entries(tmp_path, ["Ada Lindt/x.py", "lindt_ada/x.py"], students)
    assert {entry.people[0].name for entry in roster.entries} == {"Ada Lindt", "Bo Row"}
    assert len(roster.entries) == 2 and len(roster.dropped) == 1


def test_the_number_of_a_group_is_no_students(tmp_path):
    students = listed(tmp_path, "name,id,group\nAda Lindt,77,Team Red\nBo Row,78,Team Blue\n")
    names = ["Team Blue_77_assignsubmission_file/x.py", "Team Red_78_assignsubmission_file/x.py"]
    roster = entries(tmp_path, names, students)
    assert {e.key: e.people[0].name for e in roster.entries} == {
        "Team Blue": "Bo Row",
        "Team Red": "Ada Lindt",
    }
    assert {e.people[0].name: e.people[0].id for e in roster.entries} == {
        "Ada Lindt": "77",
        "Bo Row": "78",
    }


@pytest.mark.parametrize(
    "text", ["", "\n\n", "just words\nmore words\n", "PK\x03\x04", "Student,ID\n", "a\0b,c\n"]
)
def test_what_is_no_list_is_refused_in_one_line(text, tmp_path):
    with pytest.raises(SubmissionError) as caught:
        listed(tmp_path, text)
    assert "\n" not in str(caught.value)

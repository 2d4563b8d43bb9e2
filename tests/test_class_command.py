"""`autograder grade-class`: nobody vanishes, and nothing is graded that is nobody's hand-in."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins.roster import find_class
from tests.selection import sample

PART = parts.get("gan_pytorch")
STUB = PART.stub.read_text()
pytestmark = pytest.mark.usefixtures("warm")


def write(top: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def grade(autograder, folder, *more, output="out"):
    return autograder(
        "grade-class", folder, "--output", output, "--executor", "serial", "--no-search", *more
    )


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_a_file_that_nobody_owns_is_named_in_full_and_ends_with_exit_code_1(autograder, tmp_path):
    long = "a_very_long_name_of_a_file_" * 5 + ".py"
    files = {f"ada{n}_1{n}_10{n}_gan_pytorch.py": STUB for n in range(3)}
    write(tmp_path / "class", {**files, long: STUB, "notes.txt": ""})
    done = grade(autograder, "class")
    assert done.exit_code == 1
    assert f"{long}: no student is known to own this file" in done.stderr
    assert "notes.txt" not in done.stderr and "Traceback" not in done.output
    assert len(lines(tmp_path / "out" / "gradebook.csv")) == 3


def test_a_class_never_grades_its_own_results(autograder, tmp_path):
    write(tmp_path, {"ada/gan_pytorch.py": STUB, "bo.py": STUB})
    for output in ("results", "results", "again"):
        done = grade(autograder, ".", output=output)
        assert done.exit_code == 0, done.output
        told = lines(tmp_path / output / "gradebook.csv")
        assert [line["student"] for line in told] == ["ada", "bo"]
    assert "results/ (results of an earlier run)" in done.output


@pytest.mark.parametrize(("folder", "output"), [("work", "work"), ("work/results/ada", "work")])
def test_results_do_not_go_where_the_submissions_are(folder, output, autograder, tmp_path):
    write(tmp_path, {"work/results/ada/gan_pytorch.py": STUB, "work/bo.py": STUB})
    done = grade(autograder, folder, output=output)
    assert done.exit_code == 1 and "give another folder for the results" in done.stderr
    assert not (tmp_path / "work" / "class.json").exists()


def test_results_are_no_class(autograder, tmp_path):
    write(tmp_path, {"class/ada/gan_pytorch.py": STUB})
    assert grade(autograder, "class").exit_code == 0
    done = grade(autograder, "out", output="more")
    assert done.exit_code == 1 and "holds the results of a class" in done.stderr


def test_a_file_of_a_student_hides_nobody(tmp_path):
    own = {f"mallory/{name}": "" for name in ("class.json", "gradebook.csv", "index.html")}
    write(tmp_path, {"ada/gan_pytorch.py": STUB, "mallory/gan_pytorch.py": STUB, **own})
    keys = [entry.key for entry in find_class(tmp_path, PART, output=tmp_path / "out").entries]
    assert keys == ["ada", "mallory"]


def test_the_folder_of_another_part_or_class_is_refused(autograder, tmp_path):
    write(tmp_path, {"class/ada/gan_pytorch.py": STUB, "other/zoe/gan_pytorch.py": STUB})
    assert grade(autograder, "class", "--part", "gan_pytorch").exit_code == 0
    before = (tmp_path / "out" / "class.json").read_bytes()
    for folder, more, words in (
        ("class", ("--part", "gaussian_gan"), "results of gan_pytorch, and not of gaussian_gan"),
        ("other", (), "results of other students (ada)"),
    ):
        done = grade(autograder, folder, *more)
        assert done.exit_code == 1 and words in done.stderr and "--output" in done.stderr
        assert (tmp_path / "out" / "class.json").read_bytes() == before


def test_a_listed_student_without_a_hand_in_has_a_row_a_page_and_no_part_in_the_means(
    autograder, tmp_path
):
    write(tmp_path, {"class/ada/gan_pytorch.py": STUB})
    (tmp_path / "list.csv").write_text("name,id,email\nAda,7,a@x\nBo Row,8,b@x\n")
    done = grade(autograder, "class", "--roster", "list.csv")
    assert done.exit_code == 0, done.output
    told = lines(tmp_path / "out" / "gradebook.csv")
    assert [(line["student"], line["id"], line["score"]) for line in told] == [
        ("Ada", "7", "0"),
        ("Bo Row", "8", "0"),
    ]
    page = (tmp_path / "out" / "results" / "Bo Row" / "feedback.html").read_text()
    assert "nothing was handed in" in page
    index = (tmp_path / "out" / "index.html").read_text()
    assert "<b>1</b> submission</li>" in index and "<b>1</b> with nothing handed in" in index


EXPORT = f"""Student,ID,SIS Login ID,Section,{PART.title} (7)
    Points Possible,,,,10
"Lindt, Ada",1001,al,A,
"Row, Bo",1002,br,A,
"""


def test_points_go_into_the_platforms_own_table_and_stay_up_to_date(autograder, tmp_path):
    (tmp_path / "export.csv").write_text(EXPORT)
    names = {"lindtada_1001_91_gan_pytorch.py": STUB, "zedzoe_1003_93_gan_pytorch.py": STUB}
    write(tmp_path / "class", names)
    done = grade(autograder, "class", "--gradebook", "canvas", "--into", "export.csv")
    assert done.exit_code == 1 and "zedzoe: not found in the table of --into" in done.stderr
    written = tmp_path / "out" / "gradebook-canvas.csv"
    filled = EXPORT.replace("1001,al,A,", "1001,al,A,0.00")
    assert lines(written) == list(csv.DictReader(io.StringIO(filled)))
    assert (tmp_path / "export.csv").read_text() == EXPORT
    written.unlink()
    done = autograder("rescore", "out")
    assert done.exit_code == 0, done.output
    assert lines(written) == list(csv.DictReader(io.StringIO(filled)))


def test_a_table_in_which_the_column_is_not_clear_stops_before_anything_runs(autograder, tmp_path):
    (tmp_path / "export.csv").write_text(EXPORT.replace(f",{PART.title}", ",Essay (8),HW"))
    write(tmp_path / "class", {"lindtada_1001_91_gan_pytorch.py": STUB})
    done = grade(autograder, "class", "--gradebook", "canvas", "--into", "export.csv")
    assert done.exit_code == 1 and not (tmp_path / "out" / "results").exists(), done.output


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--deadline", "soon"), "is not a time"),
        (("--timezone", "Atlantis"), "is no zone"),
        (("--pattern", "("), "not a regular expression"),
        (("--pattern", ".*"), "(?P<student>...)"),
        (("--roster", "missing.csv"), "cannot be read"),
        (("--into", "x.csv"), "--gradebook canvas or --gradebook moodle"),
        (("--gradebook", "moodle"), "name it with --into"),
        (("--column", "x"), "goes with --into"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_runs(more, words, autograder, tmp_path):
    write(tmp_path, {"class/ada/gan_pytorch.py": STUB})
    done = grade(autograder, "class", *more)
    assert done.exit_code in (1, 2) and words in " ".join(done.stderr.split()), done.output
    assert not (tmp_path / "out").exists() and "Traceback" not in done.output


def test_a_day_is_a_deadline_until_its_end_where_staff_are(autograder, tmp_path):
    for who, clock in (("ada", "23:59:30"), ("bo", "00:00:01")):
        day = "2026-03-01" if who == "ada" else "2026-03-02"
        write(
            tmp_path / "class" / "submitted" / who / "gans",
            {"gan_pytorch.py": STUB, "timestamp.txt": f"{day} {clock} CET"},
        )
    done = grade(autograder, "class", "--deadline", "2026-03-01", "--timezone", "Europe/Berlin")
    assert done.exit_code == 0, done.output
    assert [line["late"] for line in lines(tmp_path / "out" / "gradebook.csv")] == ["no", "yes"]
    assert "2026-03-01 23:59+01:00" in " ".join(done.output.split())


def test_a_pattern_is_an_option(autograder, tmp_path):
    write(tmp_path / "class", {"hw4-ada-gan.py": STUB, "hw4-bo-gan.py": STUB})
    done = grade(autograder, "class", "--pattern", r"hw4-(?P<student>\w+)-")
    assert done.exit_code == 0, done.output
    assert [line["student"] for line in lines(tmp_path / "out" / "gradebook.csv")] == ["ada", "bo"]


@pytest.mark.parametrize(
    "piece",
    [
        "_1",
        "1_",
        "_LATE_1_1",
        " - ",
        "1-1 - a - Mar 1, 2026",
        "_attempt_2026-03-01",
        "(a)",
        "(",
        "1",
    ],
)
@pytest.mark.parametrize(
    "start", sample(["", "1-1 - a - ", "a_1_2_", "x_attempt_", "a_1_assignsubmission_"], every=3)
)
def test_a_students_name_for_a_file_cannot_explode_the_platforms_patterns(start, piece, tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for end in (".py", "/gan_pytorch.py"):
            archive.writestr(start + piece * (60_000 // len(piece)) + end, STUB)
    begun = time.monotonic()
    try:
        find_class(path, PART)
    except SubmissionError:
        pass
    assert time.monotonic() - begun < 2

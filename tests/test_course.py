"""A class in several parts: one gradebook with a total, one page, one page a student."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from autograder import parts
from autograder.batch import course
from autograder.cli.class_options import Wanted
from autograder.cli.whole_class import costs
from autograder.handins.roster import find_class
from autograder.parts import PARTS

GAN, POINTS = parts.get("gan_pytorch"), parts.get("gaussian_gan")
pytestmark = pytest.mark.usefixtures("warm")
RIGHT = {part.name: part.solution.read_text() for part in PARTS}
STUB = {part.name: part.stub.read_text() for part in PARTS}


def write(top: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


@pytest.fixture
def handed_in(tmp_path) -> Path:
    """Two students with two parts, and one with the first alone; `ada` is right."""
    two = ("gan_pytorch", "gaussian_gan")
    files = {f"ada/{part}.py": RIGHT[part] for part in two}
    files |= {f"bo/{part}.py": "x = 1\n" for part in two}
    files |= {f"cy/{part}.py": STUB[part] for part in two} | {"cy/gan_pytorch.py": "x = 1\n"}
    return write(tmp_path / "class", files)


def grade(autograder, *more, output="out"):
    return autograder(
        "grade-class", "class", "--output", output, "--workers", 1, "--no-search", *more
    )


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def contents(folder: Path) -> dict[str, bytes]:
    files = (
        path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.exhaustive(reason="8 s: two parts, graded twice and judged again")
def test_all_parts_that_are_handed_in_have_a_column_and_a_total(autograder, handed_in, tmp_path):
    (tmp_path / "export.csv").write_text(
        "Student,ID,SIS Login ID,Section,HW (7)\nPoints Possible,,,,20\n"
        "ada,1,,,\nbo,2,,,\ncy,3,,,\nZoe,4,,,\n"
    )
    (tmp_path / "list.csv").write_text("name,id\nada,1\nbo,2\ncy,3\nZoe,4\n")
    more = ("--gradebook", "canvas", "--into", "export.csv", "--gradebook", "gradescope")
    done = grade(autograder, "--roster", "list.csv", *more)
    assert done.exit_code == 0, done.output
    out = tmp_path / "out"
    told = {line.pop("student"): line for line in lines(out / "gradebook.csv")}
    columns = ("gan_pytorch", "gaussian_gan", "total", "max_total")
    assert {who: [line[one] for one in columns] for who, line in told.items()} == {
        "ada": ["100", "100", "200", "200"],
        "bo": ["0", "0", "0", "200"],
        "cy": ["0", "0", "0", "200"],
        "Zoe": ["0", "0", "0", "200"],
    }
    filled = {line["Student"]: line["HW (7)"] for line in lines(out / "gradebook-canvas.csv")}
    assert filled == {
        "Points Possible": "20",
        "ada": "20.00",
        "bo": "0.00",
        "cy": "0.00",
        "Zoe": "",
    }
    page = (out / "results" / "ada" / "feedback.html").read_text()
    assert "gan_pytorch: 100 of 100" in page and "gaussian_gan: 100 of 100" in page
    index = (out / "index.html").read_text()
    assert 'href="parts/gaussian_gan/index.html"' in index and "of 200" in index
    assert "<b>3</b> students with a hand-in" in index and "<b>1</b> with nothing" in index
    assert (out / "parts" / "gaussian_gan" / "index.html").is_file()
    result = json.loads((out / "results" / "ada" / "results.json").read_text())
    assert sum(test["score"] for test in result["tests"]) == 200

    before = contents(out)
    again = grade(autograder, "--roster", "list.csv")
    assert again.exit_code == 0 and "0 graded, 8 kept" in again.output
    assert contents(out) == before
    judged = autograder("rescore", "out")
    assert judged.exit_code == 0 and "8 results judged again, 0 changed" in judged.output
    assert contents(out) == before

    other = grade(autograder, "--part", "gan_pytorch")
    assert other.exit_code == 1 and "holds the results of gan_pytorch, gaussian_gan" in other.stderr
    assert contents(out) == before


@pytest.mark.exhaustive(reason="7 s: two parts, graded twice")
def test_named_parts_are_graded_together(autograder, handed_in, tmp_path):
    done = grade(autograder, "--part", "gan_pytorch", "--part", "gaussian_gan")
    assert done.exit_code == 0, done.output
    (handed_in / "bo" / "gan_pytorch.py").write_text("x = 2\n")
    (handed_in / "ada" / "gan_pytorch.py").unlink()
    (handed_in / "ada" / "gaussian_gan.py").unlink()
    (handed_in / "ada").rmdir()
    done = grade(autograder, "--part", "gan_pytorch", "--part", "gaussian_gan")
    assert done.exit_code == 0 and "2 graded, 2 kept" in done.output
    told = {line["student"]: line["total"] for line in lines(tmp_path / "out" / "gradebook.csv")}
    assert told == {"bo": "0", "cy": "0"}
    assert sorted(path.name for path in (tmp_path / "out" / "results").iterdir()) == ["bo", "cy"]


def test_one_part_alone_is_written_as_ever(autograder, handed_in, tmp_path):
    for student in handed_in.iterdir():
        (student / "gaussian_gan.py").unlink()
    done = grade(autograder)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "results" / "ada" / "result.json").is_file()
    assert not (tmp_path / "out" / "parts").exists()


@pytest.mark.parametrize(
    ("counts", "chosen"),
    [
        ({}, ["gan_pytorch"]),
        ({"gan_pytorch": 40}, ["gan_pytorch"]),
        ({"gan_pytorch": 40, "dcgan": 1}, ["gan_pytorch"]),
        ({"gan_pytorch": 40, "gaussian_gan": 20, "dcgan": 19}, ["gan_pytorch", "gaussian_gan"]),
        ({"dog_breeds": 3}, ["dog_breeds"]),
    ],
)
def test_a_few_students_files_add_no_part_for_everybody(counts, chosen):
    whole = {part.name: counts.get(part.name, 0) for part in PARTS}
    assert [part.name for part in course.of_the_class(whole, PARTS)] == chosen


def test_an_untouched_stub_is_no_hand_in_of_its_part(tmp_path):
    files = {f"ada/{part}.py": STUB[part] for part in STUB}
    files |= {f"bo/{part}.py": STUB[part].replace("\n", "\r\n") for part in STUB}
    files |= {f"cy/{part}.py": RIGHT[part] for part in STUB}
    roster = find_class(write(tmp_path, files), PARTS)
    assert course.count_hand_ins(roster, PARTS) == dict.fromkeys(STUB, 1)


def test_a_single_file_of_any_name_is_a_hand_in_of_its_own_part_alone(tmp_path):
    files = {"ada.py": RIGHT["dcgan"], "bo.py": STUB["gan_pytorch"], "cy.py": RIGHT["gan_pytorch"]}
    roster = find_class(write(tmp_path, files), PARTS)
    counts = course.count_hand_ins(roster, PARTS)
    assert {name: n for name, n in counts.items() if n} == {"gan_pytorch": 1, "dcgan": 1}


def test_a_part_of_a_few_is_told_with_how_to_grade_it(autograder, handed_in):
    for name in ("bo", "cy"):
        (handed_in / name / "gaussian_gan.py").unlink()
    write(handed_in, {f"s{n}/gan_pytorch.py": "x = 1\n" for n in range(3)})
    done = grade(autograder)
    assert done.exit_code == 0, done.output
    assert "gaussian_gan is not graded: only 1 student handed it in" in done.output
    assert "--part gan_pytorch --part gaussian_gan" in done.output


def test_training_tells_its_cost_before_it_starts(tmp_path):
    values = dict.fromkeys(Wanted.__dataclass_fields__)
    wanted = Wanted(**{**values, "workers": 2, "executor": "local", "train": True})
    (line,) = costs(wanted, [GAN, parts.get("gan_learning")], 60)
    assert "60 submissions, each about 50 s" in line and "about 25 minutes" in line
    assert costs(wanted, [GAN, POINTS], 60) == []


@pytest.mark.exhaustive(reason="a training, most of a minute")
def test_training_is_a_part_beside_the_others(autograder, tmp_path):
    write(tmp_path / "class", {"ada/gan_pytorch.py": RIGHT["gan_pytorch"]})
    done = grade(autograder, "--train")
    assert done.exit_code == 0, done.output
    assert "Training (gan_learning): 1 submission" in done.output
    (line,) = lines(tmp_path / "out" / "gradebook.csv")
    assert [line[one] for one in ("gan_pytorch", "gan_learning", "total")] == ["100", "20", "120"]

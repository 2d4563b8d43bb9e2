"""The command line: what a newcomer types, what it prints, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from autograder import parts
from autograder.cli.main import main
from tests.selection import sample

RESULT_KEYS = {
    *("part", "submission", "score", "max_score", "checks"),
    *("environment", "isolation", "seconds"),
}
CHECK_KEYS = {
    *("name", "title", "score", "max_score", "status", "message", "mistake", "visibility"),
}


@pytest.mark.usefixtures("warm")
def test_grade_prints_a_table_and_writes_the_result(autograder, part, tmp_path):
    done = autograder("grade", part.solution)
    assert done.exit_code == 0
    assert "100/100" in done.stdout and "Written to results/" in done.stdout
    result = json.loads((tmp_path / "results" / "result.json").read_text())
    assert result.keys() >= RESULT_KEYS
    assert all(check.keys() >= CHECK_KEYS for check in result["checks"])
    assert {check["status"] for check in result["checks"]} == {"passed"}
    assert {check["visibility"] for check in result["checks"]} == {"public", "hidden"}
    assert (tmp_path / "results" / "outputs.npz").is_file()


@pytest.mark.usefixtures("warm")
def test_a_graded_submission_exits_with_0_whatever_it_earned(autograder, part):
    done = autograder("grade", part.stub, "--output", "somewhere")
    assert done.exit_code == 0
    assert "0/100" in done.stdout and "still to do" in done.stdout


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("among", sample([["gan_pytorch.py", "gaussian_gan.py"], ["*"]], every=2))
def test_grading_a_folder_finds_the_parts_in_it(autograder, part, among, tmp_path):
    handed_in = tmp_path / "handed_in"
    handed_in.mkdir()
    for path in (path for pattern in among for path in part.solution.parent.glob(pattern)):
        if path.is_file():  # and not what Python leaves there
            shutil.copy(path, handed_in)
    told = autograder("grade", handed_in).stdout
    there = [one for one in parts.PARTS if (handed_in / one.solution.name).exists()]
    assert len(there) > 1 and told.count("100/100") == len(there)
    assert f"Total {100 * len(there)}/{100 * len(there)}" in told


@pytest.mark.parametrize("of", sample(["stub", "solution"], every=2))
def test_nothing_warns_on_the_screen(part, of, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", str(getattr(part, of))],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0
    assert "arn" not in done.stderr and "Error" not in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grade", "nothing.py"), "nothing.py: no such file"),
        (("grade", "empty.zip"), "empty.zip"),
        (("grade", "notes.txt"), "notes.txt"),
        (("check", "gan_pytorch.py"), "gan_pytorch.py"),
        (("rescore", "."), "outputs.npz"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_1(autograder, tmp_path, arguments, words):
    (tmp_path / "empty.zip").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("hello")
    done = autograder(*arguments)
    assert done.exit_code == 1
    assert words in done.stderr and done.stderr.count("\n") == 1
    assert done.stderr.startswith("autograder: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("grade",),
        ("nonsense",),
        ("grade", "x", "--isolation", "y"),
        ("grade", "x.py", "--part", "no_part"),
        ("grade", "x.py", "--output", "a_file"),
        ("release", "--output", "a_file"),
    ],
)
def test_wrong_usage_is_exit_code_2(autograder, tmp_path, arguments):
    (tmp_path / "a_file").write_text("kept")
    done = autograder(*arguments)
    assert done.exit_code == 2 and "Traceback" not in done.output
    assert (tmp_path / "a_file").read_text() == "kept"


@pytest.mark.usefixtures("warm")
def test_check_needs_the_released_files_alone(autograder, part, tmp_path):
    shutil.copy(part.solution, tmp_path / "gan_pytorch.py")
    shutil.copy(part.stub.parent / "public_checks.npz", tmp_path)
    done = autograder("check", "gan_pytorch.py")
    assert done.exit_code == 0
    assert "47/47" in done.stdout and "All public checks pass" in done.stdout
    assert "gradient" not in done.stdout.partition("All public checks")[0].replace("gradients,", "")


def test_check_without_the_public_answers_says_what_to_do(autograder, part, tmp_path):
    shutil.copy(part.stub, tmp_path / "gan_pytorch.py")
    done = autograder("check", "gan_pytorch.py")
    assert done.exit_code == 1 and "keep it beside your file" in done.stderr


def test_release_writes_what_verify_accepts_until_it_is_changed(autograder, tmp_path):
    assert autograder("release", "--output", "out").exit_code == 0
    assert autograder("release", "--verify", "--output", "out").exit_code == 0
    stub = tmp_path / "out" / "gan_pytorch.py"
    stub.write_text(stub.read_text() + "# a line\n")
    done = autograder("release", "--verify", "--output", "out")
    assert done.exit_code == 1 and "gan_pytorch.py: differs" in done.stderr


def test_release_can_give_students_a_function(autograder, tmp_path):
    assert autograder("release", "--given", "bce_loss", "--output", "out").exit_code == 0
    text = (tmp_path / "out" / "gan_pytorch.py").read_text()
    assert "F.softplus(input)" in text and "SOLUTION" not in text
    done = autograder("release", "--given", "no_function", "--output", "out")
    assert done.exit_code == 1 and "no function 'no_function'" in done.stderr


def test_some_parts_are_not_released_over_all_of_them(autograder):
    done = autograder("release", "dcgan")
    assert done.exit_code == 2 and "--output" in done.output


@pytest.mark.usefixtures("warm")
@pytest.mark.exhaustive(reason="5 s; the quick run compares the answers with their second witness")
def test_record_verifies_what_is_stored(autograder):
    done = autograder("record", "--verify")
    assert done.exit_code == 0 and "the solution's" in done.stdout


@pytest.mark.usefixtures("warm")
def test_rescore_judges_again_without_running_anything(autograder, part, tmp_path):
    autograder("grade", part.stub)
    stored = tmp_path / "results" / "result.json"
    text = stored.read_text()
    stored.write_text(text.replace('"status": "skipped"', '"status": "passed"', 1))
    dry = autograder("rescore", "results", "--dry-run")
    assert dry.exit_code == 0 and "1 would change" in dry.stdout
    assert autograder("rescore", "results").exit_code == 0
    assert stored.read_text() == text


def test_doctor_tells_the_layers_and_versions(autograder):
    done = autograder("doctor")
    assert done.exit_code == 0
    assert "user namespace" in done.stdout and "torch" in done.stdout


def test_accuracy_prints_all_messages_for_a_teacher_to_edit(autograder):
    done = autograder("accuracy", "--messages")
    assert done.exit_code == 0
    assert "sample_noise" in done.stdout and done.stdout.count("\n") > 200


def test_version_and_help_are_there(autograder):
    assert "autograder" in autograder("--version").stdout
    for command in ("grade", "check", "record", "release", "rescore", "doctor", "accuracy"):
        assert command in autograder("--help").stdout
        assert autograder(command, "--help").exit_code == 0


def test_the_students_package_shows_what_works_there_and_says_who_has_the_rest(
    autograder, monkeypatch, tmp_path
):
    monkeypatch.setattr(parts, "STAFF_ONLY", tmp_path / "absent")
    shown = autograder("--help").stdout.partition("Commands:\n")[2]
    assert re.findall(r"^  (\S+)", shown, re.M) == ["check", "doctor"]
    assert autograder("check", "--help").exit_code == 0
    assert "record" not in autograder("doctor").stdout  # nor does it advise what is not there
    for name in main.commands.keys() - {"check", "doctor"}:
        done = autograder(name, "--help")
        assert done.exit_code == 1 and done.stderr.count("\n") == 1
        assert f"`autograder {name}` is in the staff's package alone" in done.stderr


def test_help_shows_each_commands_whole_first_sentence_on_80_columns():
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "--help"],
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
    )
    shown = done.stdout
    assert "..." not in shown.replace("[OPTIONS] COMMAND [ARGS]...", "")
    assert max(map(len, shown.splitlines())) <= 80
    words = " ".join(shown.split())
    for name, command in main.commands.items():
        first = " ".join(command.help.split("\n\n")[0].split())
        assert first.endswith((".", ":")) and f"{name} {first}" in words, name


def test_parts_are_found_by_name():
    assert parts.get("gan_pytorch").name == "gan_pytorch"


@pytest.mark.parametrize("encoding", sample(["gbk", "ascii", "cp1252"], every=3))
def test_a_console_without_our_signs_gets_others(encoding, part, tmp_path):
    shutil.copy(part.stub, tmp_path / "gan_pytorch.py")
    shutil.copy(part.stub.parent / "public_checks.npz", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "gan_pytorch.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert b"0/47" in done.stdout and b"still to do" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("grade", "SOLUTION", "--output", "WALL/x"),
        ("grade-class", "CLASS", "--output", "WALL/x"),
        ("release", "--output", "WALL/x"),
        ("release", "--zip", "WALL/x.zip"),
        ("bundle", "gradescope", "--output", "WALL/x.zip"),
        ("bundle", "otter", "--output", "WALL/x"),
    ],
)
def test_what_cannot_be_written_is_one_line(words, autograder, warm, part, tmp_path):
    wall = tmp_path / "wall"
    wall.write_text("a file, not a folder")
    (tmp_path / "class" / "ana").mkdir(parents=True)
    shutil.copy(part.stub, tmp_path / "class" / "ana")
    places = {"SOLUTION": str(part.solution), "CLASS": str(tmp_path / "class")}
    line = [places.get(word, word.replace("WALL", str(wall))) for word in words]
    done = autograder(*line)
    assert done.exit_code == 1, done.output
    told = [row for row in done.stderr.splitlines() if row.startswith("autograder: ")]
    assert len(told) == 1 and "cannot be written" in told[0]
    assert "Traceback" not in done.output


@pytest.mark.usefixtures("warm")
def test_check_finds_the_part_that_a_folder_holds(autograder, tmp_path):
    dcgan = parts.get("dcgan")
    shutil.copy(dcgan.stub, tmp_path / "dcgan.py")
    shutil.copy(dcgan.stub.parent / "public_checks.npz", tmp_path)
    done = autograder("check", ".")
    assert done.exit_code == 0 and "G_block" in done.stdout


def test_a_part_that_is_named_twice_counts_once(autograder, tmp_path):
    twice = ("--part", "gaussian_gan") * 2
    assert autograder("bundle", "gradescope", *twice, "--output", "a.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        about = json.loads(archive.read("autograder/data/bundle.json"))
    assert about["parts"] == ["gaussian_gan"]

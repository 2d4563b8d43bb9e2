"""Commands where the disk is full, nobody reads, the locale is bare, or an error was not foreseen."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autograder import files, grading
from autograder.cli import paths
from autograder.cli.main import main
from autograder.errors import AutograderError
from autograder.files import write_bytes

AGAIN = "the disk is full; make room and run the same command again"
SIZE = 256 << 10  # bytes of a disk; a bundle has more
COMMANDS = {
    "grade": ("grade", "CLASS/ana", "--output", "DISK/r"),
    "grade-class": ("grade-class", "CLASS", "--output", "DISK/c"),
    "release": ("release", "--output", "DISK/new"),
    "release zip": ("release", "--zip", "DISK/a.zip"),
    "bundle gradescope": ("bundle", "gradescope", "--output", "DISK/b.zip"),
    "bundle classroom50": ("bundle", "classroom50", "--output", "DISK/new"),
    "bundle container": ("bundle", "container", "--output", "DISK/new"),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk, and fill it but for one kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        (folder / "other").write_bytes(bytes(SIZE - 1024))
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def class_of_one(part, tmp_path: Path) -> Path:
    (tmp_path / "class" / "ana").mkdir(parents=True)
    shutil.copy(part.stub, tmp_path / "class" / "ana")
    return tmp_path / "class"


def lines_of(done) -> list[str]:
    """Return what was said on stderr, but for a progress bar."""
    return [line for line in done.stderr.splitlines() if line.startswith("autograder: ")]


# --- full disks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_one_line_and_the_same_command_goes_on(
    command, disk, class_of_one, warm, monkeypatch
):
    monkeypatch.chdir(disk.parent)
    places = {"CLASS": str(class_of_one), "DISK": str(disk)}
    words = [
        word.replace("CLASS", places["CLASS"]).replace("DISK", places["DISK"])
        for word in COMMANDS[command]
    ]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1 and "Traceback" not in done.output, done.output
    [line] = lines_of(done)
    assert "the disk is full" in line and "run the same command again" in line
    assert not list(disk.rglob("*.part"))
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_with_the_file(number, tmp_path, monkeypatch):
    def fail(self, data):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError) as caught:
        write_bytes(tmp_path / "a.txt", b"x")
    assert caught.value.errno == number and caught.value.filename == str(tmp_path / "a.txt")
    monkeypatch.setattr(
        grading, "grade", lambda *given, **more: write_bytes(tmp_path / "a.txt", b"")
    )
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--output", str(tmp_path / "r")])
    assert done.exit_code == 1 and lines_of(done) == [f"autograder: {tmp_path / 'a.txt'}: {AGAIN}"]


@pytest.mark.parametrize("kind", [paths.check_folder, paths.check_file])
def test_a_disk_without_room_for_a_name_is_full_too(kind, tmp_path, monkeypatch):
    def fail(**more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(paths.tempfile, "NamedTemporaryFile", fail)
    with pytest.raises(OSError) as caught:
        kind(tmp_path / "x")
    assert caught.value.errno in files.FULL


# --- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x" * 255, "é" * 127, "x" * 250 + ".npz", "🦆" * 63])
def test_a_file_with_the_longest_name_is_written(name, tmp_path):
    write_bytes(tmp_path / name, b"data")
    assert (tmp_path / name).read_bytes() == b"data" and len(list(tmp_path.iterdir())) == 1


def test_a_pipe_or_a_folder_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("."), Path("/"), tmp_path):
        with pytest.raises(AutograderError, match="cannot be written"):
            write_bytes(path, b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_what_a_link_leads_to_is_written_and_the_link_stays(autograder, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link.zip").symlink_to("there/real.zip")
    done = autograder("bundle", "gradescope", "--output", "link.zip")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "link.zip").is_symlink() and (tmp_path / "there" / "real.zip").is_file()


# --- errors that nobody foresaw -----------------------------------------------------------------


@pytest.mark.parametrize(
    "problem",
    [
        ValueError("a\nb\x1b[31m"),
        KeyError("x"),
        AssertionError(),
        MemoryError(),
        RecursionError("deep"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
        ModuleNotFoundError("No module named 'dask'"),
        OSError(5, "Input/output error"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_an_error_of_ours_is_one_line_and_a_traceback_only_with_debug(
    problem, tmp_path, monkeypatch
):
    def fail(*given, **more):
        raise problem

    monkeypatch.setattr(grading, "grade", fail)
    words = ["grade", str(tmp_path), "--output", str(tmp_path / "r")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"autograder: internal error: {type(problem).__name__}")
    assert done.stderr.count("\n") == 1 and done.stderr.rstrip("\n").isprintable()
    done = CliRunner().invoke(main, ["--debug", *words])
    assert done.exception is problem


def test_ctrl_c_is_one_word(tmp_path, monkeypatch):
    def stop(*given, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "grade", stop)
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--output", str(tmp_path / "r")])
    assert (done.exit_code, done.stderr) == (130, "autograder: interrupted\n")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    def refuse(*given, **more):
        raise PermissionError(13, "Permission denied", "a file")

    monkeypatch.setattr(grading, "grade", refuse)
    done = CliRunner().invoke(main, ["grade", str(tmp_path), "--output", str(tmp_path / "r")])
    assert (done.exit_code, done.stderr) == (1, "autograder: a file: Permission denied\n")


# --- who reads, and in which encoding -----------------------------------------------------------


def run(words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a shell's line in which $A is the command, with no other variables than these."""
    whole = {"A": f"{sys.executable} -m autograder", "PATH": os.defpath, **environment}
    return subprocess.run(
        ["sh", "-c", words], cwd=cwd, env=whole, capture_output=True, text=True, errors="replace"
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("$A accuracy --messages | head -1", 0),
        ("$A accuracy --messages >&-", 0),
        ("$A --help | true", 0),
        ("$A accuracy --messages > /dev/full", 1),
        ("$A grade nothing.py >&- 2>&-", 1),
    ],
)
def test_where_nobody_reads_there_is_no_traceback(words, code, tmp_path):
    done = run(words, tmp_path)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.exhaustive(reason="5 s by itself; the quick run has others of its kind")
def test_without_home_terminal_or_locale_names_in_any_script_are_graded(part, tmp_path):
    folder = tmp_path / "张伟 ✓ é"
    folder.mkdir()
    shutil.copy(part.stub, folder)
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("$A grade * --output 'ü ✓' && $A rescore 'ü ✓'", tmp_path, **bare)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" and (tmp_path / "ü ✓" / "result.json").is_file()


# --- help ---------------------------------------------------------------------------------------


def every_command(group: click.Group, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [words]
    for name, command in group.commands.items():
        inner = isinstance(command, click.Group)
        found += every_command(command, (*words, name)) if inner else [(*words, name)]
    return found


@pytest.mark.parametrize("words", every_command(main), ids=" ".join)
def test_help_shows_whole_lines_at_80_columns(words):
    done = CliRunner().invoke(main, [*words, "--help"], terminal_width=80)
    assert done.exit_code == 0
    for line in done.stdout.splitlines():
        assert len(line) <= 80
        assert line.startswith("Usage: ") or not line.endswith("...")

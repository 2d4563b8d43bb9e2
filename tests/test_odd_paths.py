"""Odd paths given to every command: one line, exit code 1 or 2, at once, and nothing is written."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import main
from autograder.running import start

PATIENCE = 60  # seconds: a pipe that nobody writes to would be waited for without end

READING = {
    "grade": ("grade", "PATH"),
    "grade a part": ("grade", "PATH", "--part", "dcgan"),
    "check": ("check", "PATH"),
    "grade-class": ("grade-class", "PATH", "--output", "new"),
    "rescore": ("rescore", "PATH"),
    "rescore dry": ("rescore", "PATH", "--dry-run"),
}
INTO_A_FOLDER = {
    "grade": ("grade", "SOLUTION", "--output", "PATH"),
    "grade-class": ("grade-class", "CLASS", "--output", "PATH"),
    "release": ("release", "--output", "PATH"),
    "release nbgrader": ("release", "--nbgrader", "PATH"),
    "bundle classroom50": ("bundle", "classroom50", "--output", "PATH"),
    "bundle otter": ("bundle", "otter", "--output", "PATH"),
    "bundle container": ("bundle", "container", "--output", "PATH"),
}
INTO_A_FILE = {
    "release zip": ("release", "--zip", "PATH"),
    "bundle gradescope": ("bundle", "gradescope", "--output", "PATH"),
    "accuracy": ("accuracy", "--output", "PATH"),
}
# Each makes a path in an empty folder. Some are no place to read from, some none to write to.
NOWHERE: dict[str, Callable[[Path], str]] = {
    "empty": lambda here: "",
    "NUL": lambda here: "a\0b",
    "300 characters": lambda here: "x" * 300,
    "5000 characters": lambda here: "x" * 5000,
    "deep": lambda here: "x/" * 2500 + "x",
    "below a file": lambda here: str(a_file(here) / "x" / "y.py"),
    "loop": lambda here: str(a_loop(here)),
    "below a loop": lambda here: str(a_loop(here) / "x"),
    "device": lambda here: a_device(here, 3),
    "zeros": lambda here: a_device(here, 5),
    "pipe": lambda here: str(a_pipe(here)),
    "socket": lambda here: str(a_socket(here)),
    "proc": lambda here: "/proc/nothing/x.py",
}
UNREADABLE = {
    **NOWHERE,
    "missing": lambda here: "missing.py",
    "home": lambda here: "~",
    "option": lambda here: "./--output",
    "escape": lambda here: "\x1b[31mred.py",
    "line feed": lambda here: "a\nb.py",
    "markup": lambda here: "[red]x[/].py",
    "half a character": lambda here: os.fsdecode(b"\xff\xfe.py"),
    "broken link": lambda here: str(a_link(here, "nothing.py")),
    "empty folder": lambda here: str(a_folder(here)),
    "this folder": lambda here: ".",
    "folder called .py": lambda here: str(a_folder(here, "gan_pytorch.py")),
    "folder called .zip": lambda here: str(a_folder(here, "it.zip")),
    "environ": lambda here: "/proc/self/environ",
    "memory": lambda here: "/proc/self/mem",
}
NO_FOLDER = {
    **NOWHERE,
    "file": lambda here: str(a_file(here)),
    "broken link": lambda here: str(a_link(here, "nothing")),
    "a process": lambda here: "/proc/self/x",
    "new in proc": lambda here: "/proc/x",
    "sys": lambda here: "/sys/x",
}
NO_FILE = {
    **NOWHERE,
    "folder": lambda here: str(a_folder(here)),
    "this folder": lambda here: ".",
    "the parent": lambda here: "..",
    "root": lambda here: "/",
    "new in proc": lambda here: "/proc/x",
    "sys": lambda here: "/sys/x",
    "link into nowhere": lambda here: str(a_link(here, "/proc/x")),
}


def a_file(here: Path) -> Path:
    path = here / "file.txt"
    path.write_text("kept")
    return path


def a_folder(here: Path, name: str = "folder") -> Path:
    (here / name).mkdir()
    return here / name


def a_link(here: Path, target: str) -> Path:
    (here / "link").symlink_to(target)
    return here / "link"


def a_loop(here: Path) -> Path:
    (here / "one").symlink_to("two")
    (here / "two").symlink_to("one")
    return here / "one"


def a_device(here: Path, number: int) -> str:
    """Return a device that may be lost: root could replace /dev/null itself."""
    if os.geteuid():
        return {3: "/dev/null", 5: "/dev/zero"}[number]
    try:
        os.mknod(here / "device", stat.S_IFCHR | 0o666, os.makedev(1, number))
    except PermissionError:
        pytest.skip("needs the right to make a device")
    return str(here / "device")


def a_pipe(here: Path) -> Path:
    os.mkfifo(here / "pipe.py")
    return here / "pipe.py"


def a_socket(here: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as it:
        it.bind("socket.py")
    return here / "socket.py"


def tree(folder: Path) -> dict[str, object]:
    """Return what is in a folder: kinds, and the bytes of files."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        if stat.S_ISREG(path.lstat().st_mode)
        else path.lstat().st_mode
        for path in folder.rglob("*")
    }


@pytest.fixture(autouse=True)
def nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse to start workers, and to wait for a pipe."""

    def refuse(*given: object, **more: object) -> None:
        raise AssertionError("workers were started for a path that cannot be used")

    def give_up(*given: object) -> None:
        raise TimeoutError("it waits")

    monkeypatch.setattr(start, "start", refuse)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder beside a class of one student."""
    (tmp_path / "class" / "ana").mkdir(parents=True)
    (tmp_path / "class" / "ana" / "gan_pytorch.py").write_text("x = 1\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def assert_refused(words: tuple[str, ...], path: str, here: Path, solution: Path) -> None:
    places = {"PATH": path, "SOLUTION": str(solution), "CLASS": str(here.parent / "class")}
    before = tree(here.parent)
    done = CliRunner().invoke(main, [places.get(word, word) for word in words])
    assert done.exit_code in (1, 2), done.output
    assert isinstance(done.exception, SystemExit), done.exception
    told = done.stderr.rstrip("\n").split("\n")
    assert sum(line.startswith(("autograder: ", "Error: ")) for line in told) == 1, done.output
    assert done.exit_code == 2 or len(told) == 1, done.output
    assert "Traceback" not in done.output and "internal error" not in done.output, done.output
    assert done.output.replace("\n", "").isprintable()
    assert tree(here.parent) == before


@pytest.mark.parametrize("path", UNREADABLE)
@pytest.mark.parametrize("command", READING)
def test_what_cannot_be_read_is_one_line(command, path, here, part):
    assert_refused(READING[command], UNREADABLE[path](here), here, part.solution)


@pytest.mark.parametrize("path", NO_FOLDER)
@pytest.mark.parametrize("command", INTO_A_FOLDER)
def test_a_folder_that_cannot_be_written_is_one_line_before_anything_starts(
    command, path, here, part
):
    assert_refused(INTO_A_FOLDER[command], NO_FOLDER[path](here), here, part.solution)


@pytest.mark.parametrize("path", NO_FILE)
@pytest.mark.parametrize("command", INTO_A_FILE)
def test_a_file_that_cannot_be_written_is_one_line_before_anything_starts(
    command, path, here, part
):
    assert_refused(INTO_A_FILE[command], NO_FILE[path](here), here, part.solution)


@pytest.mark.parametrize(
    "words", [("record", "PATH"), ("record", "--verify", "PATH"), ("accuracy", "PATH")]
)
@pytest.mark.parametrize("path", ["empty", "300 characters", "device", "NUL"])
def test_a_path_where_a_parts_name_belongs_is_one_line(words, path, here, part):
    assert_refused(words, NOWHERE[path](here), here, part.solution)


@pytest.mark.parametrize("odd", [a_pipe, a_socket, a_folder, a_loop])
def test_what_is_no_file_in_the_place_of_stored_arrays_is_one_line(odd, here, part):
    source = odd(here)
    (here / "results").mkdir()
    source.rename(here / "results" / "outputs.npz")
    done = CliRunner().invoke(main, ["rescore", "results"])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1, done.output
    assert "outputs.npz" in done.stderr and "internal error" not in done.stderr
    (here / "gan_pytorch.py").write_bytes(part.stub.read_bytes())
    (here / "results" / "outputs.npz").rename(here / "public_checks.npz")
    assert_refused(("check", "PATH"), "gan_pytorch.py", here, part.solution)

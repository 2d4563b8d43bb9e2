"""Odd paths, damaged zips and odd notebooks: one line that names the thing, others are graded."""

from __future__ import annotations

import io
import os
import random
import stat
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins import lookup, reading
from autograder.handins.roster import find_class
from autograder.handins.submission import find, find_in_files
from autograder.texts import one_line

PART = parts.get("gan_pytorch")
TEXT = b"def sample_noise(batch_size, dim, seed=None):\n    return None\n"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def zipped(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(run):
    """Return the one line with which it is refused."""
    with pytest.raises(SubmissionError) as caught:
        run()
    line = str(caught.value)
    assert line.isprintable() and 0 < len(line) < 500
    return line


def everywhere(data, name, tmp_path):
    """Yield what reads a hand-in of one file: alone, in a folder, in memory, in a class's zip."""
    (tmp_path / "one").mkdir(exist_ok=True)
    (tmp_path / "one" / name).write_bytes(data)
    yield lambda: find(tmp_path / "one" / name, PART)
    yield lambda: find_in_files("x", {name: data}, PART, "x")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada/gan_pytorch.py", TEXT)
        archive.writestr(f"mallory/{name}", data)
    ada, mallory = find_class(tmp_path / "class.zip", PART).entries
    assert ada.load(PART).files == {"gan_pytorch.py": TEXT}
    yield lambda: mallory.load(PART)


# --- paths ----------------------------------------------------------------------------------------

PATHS = {
    "a name of 5000 characters": "x" * 5000 + ".py",
    "a path of 5000 characters": "y/" * 2500 + "gan_pytorch.py",
    "a zip's name of 5000 characters": "x" * 5000 + ".zip",
    "a NUL": "gan\0pytorch.py",
    "a line feed": "gan\npytorch.py",
    "an escape": "\x1b[31mgan.py",
    "not UTF-8": os.fsdecode(b"gan_\xe9.py"),
    "the home": "~",
    "a null device": "/dev/null",
    "a random device": "/dev/urandom",
    "a process's memory": "/proc/self/mem",
    "a process's folder": "/proc/self/fd",
    "missing": "nothing/here.py",
    "a file as a folder": "/etc/hostname/x.py",
}


@pytest.mark.parametrize("name", PATHS.values(), ids=PATHS)
def test_an_odd_path_is_refused_in_one_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    refused(lambda: find(path, PART))
    refused(lambda: lookup.parts_in(path, [PART], True))
    refused(lambda: lookup.parts_in(path, [PART], False))
    refused(lambda: find_class(path, PART))
    [(_, reason)] = lookup.each_or_reason(path, [PART])
    assert isinstance(reason, str)


@pytest.mark.parametrize("name", ["pipe.py", "pipe.zip", "pipe"])
def test_a_pipe_is_refused_and_not_waited_for(name, tmp_path):
    os.mkfifo(tmp_path / name)
    assert "neither a file nor a folder" in refused(lambda: find(tmp_path / name, PART))
    refused(lambda: find_class(tmp_path / name, PART))


def test_a_file_that_became_a_pipe_or_a_link_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to("/etc/hostname")
    with pytest.raises(SubmissionError, match="not a regular file"):
        reading.read_regular(tmp_path / "pipe.py", 100)
    with pytest.raises(OSError):
        reading.read_regular(tmp_path / "link.py", 100)
    (tmp_path / "grown.py").write_bytes(bytes(101))
    with pytest.raises(SubmissionError, match="more than"):
        reading.read_regular(tmp_path / "grown.py", 100)


@pytest.mark.parametrize("vanished", ["gan_pytorch.py", "helpers.py"])
def test_a_file_that_vanishes_while_it_is_read_is_one_line_or_left_out(
    vanished, tmp_path, monkeypatch
):
    for name in ("gan_pytorch.py", "helpers.py"):
        (tmp_path / name).write_bytes(TEXT)
    usual = reading.read_regular

    def read(path, most):
        if path.name == vanished:
            path.unlink(missing_ok=True)
        return usual(path, most)

    monkeypatch.setattr(reading, "read_regular", read)
    if vanished == "helpers.py":
        assert set(find(tmp_path, PART).files) == {"gan_pytorch.py"}
    else:
        assert "gan_pytorch.py: cannot be read: No such file" in refused(
            lambda: find(tmp_path, PART)
        )
        (tmp_path / "gan_pytorch.py").write_bytes(TEXT)
        path = tmp_path / "gan_pytorch.py"
        assert "cannot be read: No such file" in refused(lambda: find(path, PART))


def test_a_file_that_vanishes_while_a_class_is_listed_stops_nobody(tmp_path, monkeypatch):
    for name in ("ada.py", "bob.py"):
        (tmp_path / name).write_bytes(TEXT)
    entries = find_class(tmp_path, PART).entries
    (tmp_path / "bob.py").unlink()
    assert entries[0].load(PART).main == "gan_pytorch.py"
    assert "bob.py: cannot be read (No such file" in refused(lambda: entries[1].load(PART))
    walk = os.walk
    monkeypatch.setattr(
        os, "walk", lambda *a, **k: ((f, d, [*n, "gone.py"]) for f, d, n in walk(*a, **k))
    )
    assert [entry.key for entry in find_class(tmp_path, PART).entries] == ["ada"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a folder to somebody else")
@pytest.mark.parametrize("mode", [0, 0o444])
def test_a_closed_folder_in_a_hand_in_costs_that_student_alone(mode):
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        for who in ("ada", "mallory/closed"):
            (top / who).mkdir(parents=True)
            (top / who / "gan_pytorch.py").write_bytes(TEXT)
        for folder in (top, top / "ada", top / "mallory"):
            folder.chmod(0o755)
        (top / "mallory" / "closed").chmod(mode)
        os.seteuid(65534)
        try:
            ada, mallory = find_class(top, PART).entries
            assert ada.load(PART).files == {"gan_pytorch.py": TEXT}
            refused(lambda: mallory.load(PART))
            [(_, reason)] = lookup.each_or_reason(top / "mallory" / "closed", [PART])
            assert "cannot be read" in reason and reason.isprintable()
        finally:
            os.seteuid(0)


def test_folders_in_folders_without_end_cost_that_student_alone(tmp_path):
    for who in ("ada", "mallory"):
        (tmp_path / who).mkdir()
    (tmp_path / "ada" / "gan_pytorch.py").write_bytes(TEXT)
    here = os.getcwd()
    os.chdir(tmp_path / "mallory")
    try:
        for _ in range(40):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        Path("x.py").write_bytes(TEXT)
    finally:
        os.chdir(here)
    roster = find_class(tmp_path, PART)
    assert [entry.key for entry in roster.entries] == ["ada", "mallory"]
    assert "File name too long" in " ".join(roster.unread)
    refused(lambda: roster.entries[1].load(PART))
    subprocess.run(["rm", "-rf", str(tmp_path / "mallory")], check=True)


# --- zips -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_zip_that_is_damaged_anywhere_is_read_or_one_line(method, tmp_path):
    whole = zipped({"gan_pytorch.py": TEXT * 20, "a/b.py": b"b = 1\n"}, method)
    draw = random.Random(method)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 40)):
            data[draw.randrange(len(data))] = draw.choice((0, 255, draw.randrange(256)))
        if draw.random() < 0.2:
            del data[draw.randrange(len(data)) :]
        try:
            find_in_files("x", {"x.zip": bytes(data)}, PART, "x")
        except SubmissionError as problem:
            assert str(problem) == one_line(str(problem))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["packed", "checksum", "cut", "encrypted", "no end"])
def test_a_damaged_zip_is_one_line_wherever_it_is(kind, method, tmp_path):
    data = bytearray(zipped({"gan_pytorch.py": TEXT * 20}, method))
    central = data.index(b"PK\x01\x02")
    start = 30 + len("gan_pytorch.py")
    if kind == "packed":
        for at in range(start + 4, min(start + 40, central)):
            data[at] ^= 0xFF
    elif kind == "checksum":
        data[central + 16] ^= 1
    elif kind == "cut":
        data = data[: central // 2] + data[central:]
    elif kind == "encrypted":
        data[6] |= 1
        data[central + 8] |= 1
    else:
        data = data[:-30]
    for read in everywhere(bytes(data), "hw.zip", tmp_path):
        line = refused(read)
        assert "hw.zip: not a readable zip" in line or "hw.zip: encrypted" in line


def named(name, flags=0):
    """Return a zip that holds a file of a name that zipfile itself would not write."""
    data = zipped({"n" * len(name): TEXT}, zipfile.ZIP_STORED)
    data = bytearray(data.replace(b"n" * len(name), name))
    central = data.index(b"PK\x01\x02")
    data[6:8] = data[central + 8 : central + 10] = struct.pack("<H", flags)
    return bytes(data)


UTF_8 = 0x800
NAMES = {
    "no UTF-8": named(b"gan_\xff\xfe.py", UTF_8),
    "a surrogate": named(b"gan_\xed\xa0\x80.py", UTF_8),
    "absolute": named(b"/etc/gan_pytorch.py"),
    "Windows' absolute": named(b"C:\\x\\gan_pytorch.py"),
    "Windows' share": named(b"\\\\host\\x\\gan_pytorch.py"),
    "upwards": named(b"a/../../gan_pytorch.py"),
    "upwards in Windows": named(b"a\\..\\gan_pytorch.py"),
    "another file's": named(b"other.py\0gan_pytorch.py"),
    "too long": zipped({"x" * 60_000 + ".py": TEXT}),
    "too deep": zipped({"a/" * 30_000 + "x.py": TEXT}),
    "nothing": named(b".py"),
    "controls": named(b"\x1b[2J\r\n.py"),
}


@pytest.mark.parametrize("data", NAMES.values(), ids=NAMES)
def test_a_zip_with_an_odd_name_is_one_line_or_graded(data, tmp_path):
    for read in everywhere(data, "hw.zip", tmp_path):
        try:
            files = read().files
        except SubmissionError as problem:
            assert str(problem).isprintable() and len(str(problem)) < 500
        else:
            assert all("\0" not in name and len(name) < 1000 for name in files)


@pytest.mark.parametrize("data", NAMES.values(), ids=NAMES)
def test_an_odd_name_in_a_classs_zip_stops_nobody(data, tmp_path):
    buffer = io.BytesIO(data)
    try:
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("ada/gan_pytorch.py", TEXT)
    except UnicodeDecodeError:
        pytest.skip("no program writes such a class")
    (tmp_path / "class.zip").write_bytes(buffer.getvalue())
    entries = {entry.key: entry for entry in find_class(tmp_path / "class.zip", PART).entries}
    assert entries["ada"].load(PART).files == {"gan_pytorch.py": TEXT}


def test_a_link_in_a_zip_is_not_a_file(tmp_path):
    info = zipfile.ZipInfo("gan_pytorch.py")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    for read in everywhere(zipped({info: b"/etc/passwd"}), "hw.zip", tmp_path):
        refused(read)


# --- notebooks ------------------------------------------------------------------------------------

NOTEBOOKS = [
    "{}",
    "[]",
    "null",
    "3",
    '"cells"',
    '{"cells": null}',
    '{"cells": {}}',
    '{"cells": 3}',
    '{"cells": [null]}',
    '{"cells": [{}]}',
    '{"cells": [{"cell_type": "code"}]}',
    '{"cells": [{"cell_type": "code", "source": 3}]}',
    '{"cells": [{"cell_type": "code", "source": [3]}]}',
    '{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
    '{"cells": [{"cell_type": ["code"], "source": ""}]}',
    '{"cells": [{"cell_type": "code", "source": "\\ud800 = 1"}]}',
    '{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}',
    '{"nbformat": 3, "worksheets": 3}',
    '{"cells": ' + "[" * 5000,
    '{"a": ' * 5000,
    '{"cells": ' + "9" * 10_000 + "}",
    '{"cells": [], "x": NaN, "y": -Infinity, "z": 1e999}',
    "\ufeff{}",
]


@pytest.mark.parametrize("text", NOTEBOOKS, ids=range(len(NOTEBOOKS)))
def test_an_odd_notebook_is_left_to_the_worker_or_one_line(text, tmp_path):
    from autograder.handins.fragments import fragments

    for read in everywhere(text.encode(), "gan_pytorch.ipynb", tmp_path):
        try:
            handed_in = read()
        except SubmissionError as problem:
            assert "none of the functions" in str(problem)
        else:
            assert handed_in.main == "gan_pytorch.ipynb"
            assert fragments(handed_in, PART.functions()) == {}


# --- at the command line --------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["grade", "check", "grade-class"])
@pytest.mark.parametrize(
    "name", ["x" * 5000 + ".py", "y/" * 2500, "~", "/dev/null", "/proc/self/mem", "no\nsuch.py"]
)
def test_an_odd_path_is_one_line_on_the_command_line(command, name, tmp_path):
    extra = ["--output", "out"] if command == "grade-class" else []
    done = subprocess.run(
        [sys.executable, "-m", "autograder", command, name, *extra],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(parts.ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and done.stdout == ""
    assert done.stderr.startswith("autograder: ")

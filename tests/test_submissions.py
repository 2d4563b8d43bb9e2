"""Submissions as files: odd ones are graded, or refused in one line that a student understands."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.handins import lookup, members, reading
from autograder.handins.reading import MAX_FILES
from autograder.handins.submission import find, find_in_files
from autograder.parts import get

PART = get("gan_pytorch")
TEXT = b"def sample_noise(batch_size, dim, seed=None):\n    return None\n"


def zipped(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def link_in_zip(target):
    info = zipfile.ZipInfo("gan_pytorch.py")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped({info: target})


def encrypted():
    """Set the flag that says so; the grader refuses before it would need the password."""
    data = bytearray(zipped({"gan_pytorch.py": TEXT}, zipfile.ZIP_STORED))
    central = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    return bytes(data)


def renamed_inside(old, new):
    """Write another name into a zip, as zipfile itself would not."""
    assert len(old) == len(new)
    return zipped({old: TEXT}).replace(old.encode(), new.encode())


def lying_about_its_size():
    data = bytearray(zipped({"gan_pytorch.py": b"x = 1\n" * 1000}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    return bytes(data)


REFUSED = {
    "empty.py": (b"", "the file is empty"),
    "blank.py": (b" \n\t\n", "the file is empty"),
    "nul.py": (TEXT + b"\0", "holds NUL bytes"),
    "utf16.py": (TEXT.decode().encode("utf-16"), "saved as UTF-16; save it as UTF-8"),
    "long.py": (b"#" * (3 << 20), "may have 2 MB"),
    "homework.docx": (TEXT, "expected a .py, an .ipynb, a .zip, a .tar or a folder"),
    "none": (TEXT, "expected a .py, an .ipynb, a .zip, a .tar or a folder"),
    "broken.zip": (b"PK\x03\x04 no more", "not a readable zip file"),
    "nothing.zip": (zipped({}), "no source file at all"),
    "no work.zip": (zipped(dict.fromkeys(("a.py", "b.py"), b"x = 1\n")), "found: a.py, b.py"),
    "slip.zip": (zipped({"../gan_pytorch.py": TEXT}), "a path outside of itself"),
    "drive.zip": (zipped({"C:/gan_pytorch.py": TEXT}), "outside of itself"),
    "deep slip.zip": (zipped({"a/../../gan_pytorch.py": TEXT}), "a path outside of itself"),
    "backslash.zip": (
        renamed_inside("aaagan_pytorch.py", "..\\gan_pytorch.py"),
        "outside of itself",
    ),
    "absolute.zip": (
        renamed_inside("aaaagan_pytorch.py", "/etc/gan_pytorc.py"),
        "outside of itself",
    ),
    "link.zip": (link_in_zip("/etc/passwd"), "no source file at all"),
    "bomb.zip": (zipped({"gan_pytorch.py": bytes(1 << 20)}), "far larger unpacked than packed"),
    "many.zip": (
        zipped({f"{n}.py": b"" for n in range(MAX_FILES + 1)}, zipfile.ZIP_STORED),
        f"more than {MAX_FILES} source files",
    ),
    "nested twice.zip": (
        zipped({"a.zip": zipped({"b.zip": zipped({"gan_pytorch.py": TEXT})})}),
        "no source file at all, only a/b.zip",
    ),
    "really a rar.zip": (b"Rar!\x1a\x07\x00" + bytes(100), "pack it again"),
    "long names.zip": (zipped({f"{n}{'x' * 9000}.py": b"x = 1\n" for n in range(9)}), "xxx..., "),
    "control characters.zip": (
        zipped(dict.fromkeys(("a\nb\x1b[31m\u202e.py", "z.py"), b"x = 1\n")),
        "found: a\ufffdb\ufffd[31m",
    ),
    "control characters in it.zip": (zipped({"gan_pytorch\r\n.py": b""}), "the file is empty"),
    "encrypted.zip": (encrypted(), "pack it without a password"),
    "lying.zip": (lying_about_its_size(), "not a readable zip file"),
    "empty inside.zip": (zipped({"gan_pytorch.py": b""}), "the file is empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_line_that_names_it(name, tmp_path):
    data, expected = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SubmissionError) as caught:
        find(path, PART)
    line = str(caught.value)
    assert expected in line
    assert name in line
    assert line.isprintable() and len(line) < 400
    assert sorted(tmp_path.rglob("*")) == before


def test_a_sparse_file_of_200_mb_is_refused_by_its_size(tmp_path):
    path = tmp_path / "gan_pytorch.py"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(SubmissionError, match=r"200 MB; a \.py file may have 2 MB"):
        find(path, PART)
    with pytest.raises(SubmissionError, match="more than 64 MB"):
        find(tmp_path, PART)


def test_a_folder_whose_file_is_too_large_says_so_unless_there_is_another(tmp_path):
    (tmp_path / "gan_pytorch.ipynb").touch()
    os.truncate(tmp_path / "gan_pytorch.ipynb", 40 << 20)
    with pytest.raises(SubmissionError, match=r"gan_pytorch.ipynb: 40 MB; a .ipynb file may have"):
        find(tmp_path, PART)
    (tmp_path / "gan_pytorch.py").write_bytes(TEXT)
    assert find(tmp_path, PART).main == "gan_pytorch.py"


def test_zips_in_a_hand_in_are_not_all_unpacked_before_they_are_counted(monkeypatch):
    """A thousand zips of 60 MB each would not fit into memory."""
    one = zipped({"gan_pytorch.py": TEXT})
    monkeypatch.setattr(reading, "MAX_TOTAL", 2 * len(one) + 10)
    unpacked = []
    unpack = members.of_zip
    monkeypatch.setattr(members, "of_zip", lambda *args: unpacked.append(args) or unpack(*args))
    notes = find_in_files("x", {f"{n}.zip": one for n in range(1000)}, PART, "x").notes
    assert len(unpacked) == 2
    assert "not read, because it is too large" in " ".join(notes)
    monkeypatch.setattr(reading, "MAX_TOTAL", 100)
    with pytest.raises(SubmissionError, match="too large"):
        find_in_files("x", {f"{n}.zip": one for n in range(1000)}, PART, "x")


def test_a_name_that_no_file_system_takes_is_refused_or_left_out(tmp_path):
    with pytest.raises(SubmissionError, match="File name too long"):
        find(tmp_path / ("x" * 300 + ".py"), PART)
    path = tmp_path / "odd.zip"
    files = {
        "gan_pytorch.py": TEXT,
        "gan_pytorch.py/b.py": b"b = 1\n",
        "x" * 300 + ".py": b"c = 1\n",
    }
    path.write_bytes(zipped(files))
    assert find(path, PART).files == {"gan_pytorch.py": TEXT}


def test_a_folder_without_the_part_says_what_it_found(tmp_path):
    (tmp_path / "main.py").write_bytes(b"x = 1\n")
    (tmp_path / "essay.pdf").touch()
    with pytest.raises(SubmissionError, match=r"holds no gan_pytorch.py .*\(found: main.py\)"):
        find(tmp_path, PART)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SubmissionError, match="no source file at all"):
        find(tmp_path / "empty", PART)


def test_links_devices_pipes_and_sockets_in_a_folder_are_not_read(tmp_path):
    (tmp_path / "gan_pytorch.py").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "socket.py"))
        with pytest.raises(SubmissionError, match="no source file at all"):
            find(tmp_path, PART)
    (tmp_path / "loop").symlink_to(tmp_path)
    with pytest.raises(SubmissionError, match="no source file at all"):
        find(tmp_path, PART)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_pipe_or_a_device_given_as_a_file_is_refused(make, tmp_path):
    make(tmp_path / "gan_pytorch.py")
    with pytest.raises(SubmissionError, match="neither a file nor a folder"):
        find(tmp_path / "gan_pytorch.py", PART)


@pytest.mark.parametrize("name", ["作业 一.py", "واجب.py", "домашка.py", "a\u0301bung 🎓.py"])
def test_names_of_any_script_are_fine(name, tmp_path):
    (tmp_path / name).write_bytes(TEXT)
    handed_in = find(tmp_path / name, PART)
    assert handed_in.label == name
    assert handed_in.files == {"gan_pytorch.py": TEXT}


def test_a_name_that_is_not_utf_8_is_fine_and_so_are_its_neighbours(tmp_path):
    odd = tmp_path / os.fsdecode(b"gan_\xe9.py")
    try:
        odd.write_bytes(TEXT)
    except OSError:
        pytest.skip("this file system takes no such name")
    (tmp_path / "mine.py").write_bytes(b"import help\n")
    (tmp_path / "help.py").write_bytes(b"a = 1\n")
    assert find(odd, PART).files == {"gan_pytorch.py": TEXT}
    assert find(odd, PART).label == "gan_\\udce9.py"
    assert set(find(tmp_path / "mine.py", PART).files) == {"gan_pytorch.py", "help.py"}


def test_names_of_any_script_in_a_zip_and_a_nested_folder_are_fine(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(zipped({"山田/作业/gan_pytorch.py": TEXT, "山田/作业/help.py": b"a = 1\n"}))
    assert find(path, PART).files == {"gan_pytorch.py": TEXT, "help.py": b"a = 1\n"}


def test_the_shallowest_of_several_counts_and_a_py_before_a_notebook(tmp_path):
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "gan_pytorch.py").write_bytes(TEXT + b"# inner\n")
    cell = {"cell_type": "code", "source": TEXT.decode()}
    (tmp_path / "gan_pytorch.ipynb").write_text(json.dumps({"cells": [cell]}))
    assert find(tmp_path, PART).files == {"gan_pytorch.py": TEXT + b"# inner\n"}
    (tmp_path / "gan_pytorch.py").write_bytes(TEXT)
    assert find(tmp_path, PART).main == "gan_pytorch.py"
    assert find(tmp_path, PART).files["gan_pytorch.py"] == TEXT


def test_what_macos_and_editors_leave_behind_is_ignored(tmp_path):
    names = ["__MACOSX/._gan_pytorch.py", ".git/gan_pytorch.py", "__pycache__/gan_pytorch.py"]
    path = tmp_path / "mac.zip"
    path.write_bytes(zipped({**dict.fromkeys(names, b"junk"), "hw/gan_pytorch.py": TEXT}))
    assert find(path, PART).files == {"gan_pytorch.py": TEXT}


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_a_damaged_zip_is_read_or_refused(data):
    whole = bytearray(zipped({"gan_pytorch.py": TEXT * 5, "a/b.py": b"b = 1\n"}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        handed_in = find_in_files("x", {"x.zip": bytes(whole)}, PART, "x")
    except SubmissionError as problem:
        assert "\n" not in str(problem)
    else:
        assert handed_in.main == "gan_pytorch.py"


@pytest.fixture
def folder():
    """Return a folder that every user may enter; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path
        for shut in path.rglob("*"):
            shut.chmod(0o755)


def find_as_anybody(path):
    """Find a submission without root's right to read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        return find(path, PART)
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize("shut", ["hw", "hw/gan_pytorch.py", "hw/gan_pytorch.zip"])
def test_what_may_not_be_read_is_refused_in_one_line(shut, folder):
    (folder / "hw").mkdir(mode=0o755)
    name = "gan_pytorch.zip" if shut.endswith("zip") else "gan_pytorch.py"
    zipped_or_not = zipped({"gan_pytorch.py": TEXT}) if shut.endswith("zip") else TEXT
    (folder / "hw" / name).write_bytes(zipped_or_not)
    (folder / shut).chmod(0)
    for path in (folder / shut, folder):
        with pytest.raises(SubmissionError, match=r"cannot be read.*Permission denied") as caught:
            find_as_anybody(path)
        assert shut in str(caught.value) and str(caught.value).isprintable()


def test_a_folder_beside_the_part_that_may_not_be_read_costs_nothing(folder):
    (folder / "gan_pytorch.py").write_bytes(b"import help\n")
    (folder / "help.py").write_bytes(TEXT)
    (folder / "private").mkdir(mode=0)
    assert set(find_as_anybody(folder).files) == {"gan_pytorch.py", "help.py"}
    (folder / "help.py").chmod(0)
    assert set(find_as_anybody(folder / "gan_pytorch.py").files) == {"gan_pytorch.py"}


def test_what_is_left_aside_is_named_in_a_note(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "gan_pytorch.py").write_bytes(TEXT)
    (tmp_path / "old" / "gan_pytorch.py").write_bytes(PART.stub.read_bytes())
    (tmp_path / "gan_pytorch.ipynb").write_text('{"cells": []}')
    assert find(tmp_path, PART).notes == (
        "graded: gan_pytorch.py; not graded: gan_pytorch.ipynb (defines none of the functions), "
        "old/gan_pytorch.py (its functions are still to be written)",
    )
    (tmp_path / "old" / "gan_pytorch.py").unlink()
    (tmp_path / "gan_pytorch.ipynb").unlink()
    assert find(tmp_path, PART).notes == ()


def test_a_single_file_may_have_any_name_but_another_parts(tmp_path):
    gaussian = get("gaussian_gan")
    one = {"hw3.py": b"def net_G():\n    return None\n"}
    assert find_in_files("ana", one, gaussian, "ana").main == "gaussian_gan.py"
    with pytest.raises(SubmissionError, match=r"holds no gaussian_gan\.py .*found: dcgan\.py"):
        find_in_files("ana", {"dcgan.py": get("dcgan").stub.read_bytes()}, gaussian, "ana")
    (tmp_path / "dcgan_final.py").write_bytes(get("dcgan").solution.read_bytes())
    (_, reason), (_, handed_in) = lookup.each_or_reason(tmp_path, [gaussian, get("dcgan")])
    assert reason == (
        "what was handed in: holds no gaussian_gan.py or gaussian_gan.ipynb, and no other file with "
        "its functions (found: dcgan_final.py); dcgan_final.py holds dcgan"
    )
    assert handed_in.main == "dcgan.py"


# --- at the command line --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["slip.zip", "nul.py", "no work.zip"])
def test_the_command_line_says_one_line_and_exits_with_1(name, autograder, tmp_path):
    (tmp_path / name).write_bytes(REFUSED[name][0])
    done = autograder("grade", name)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert REFUSED[name][1] in done.stderr


def test_a_file_whose_name_is_not_utf_8_is_graded_as_any_other(autograder, warm, part, tmp_path):
    odd = tmp_path / os.fsdecode(b"gan_\xe9.py")
    try:
        odd.write_bytes(part.stub.read_bytes())
    except OSError:
        pytest.skip("this file system takes no such name")
    assert autograder("grade", odd).exit_code == 0
    result = json.loads((tmp_path / "results" / "result.json").read_text())
    assert result["submission"] == "gan_\\udce9.py"

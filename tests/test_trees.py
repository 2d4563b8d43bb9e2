"""What a hand-in's tree is read from: archives of every form, and none of what programs left in it."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import time
import tracemalloc
import zipfile

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins import lookup, tars
from autograder.handins.roster import find_class
from autograder.handins.submission import find, find_in_files
from autograder.handins.tree import MAX_DATA, MAX_DATA_FILES
from autograder.texts import one_line
from tests.written import write

PART = parts.get("gan_pytorch")
WORK = "\n".join(f"def {name}(*args):\n    return 1\n" for name in PART.functions())
TARS = {
    ".tar": lambda data: data,
    ".tar.gz": gzip.compress,
    ".tgz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
    ".TAR.GZ": gzip.compress,
}


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(files, suffix=".tar", **changes):
    """Return a tar; `changes` are made to what it says about each file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in changes.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return TARS[suffix](buffer.getvalue())


def everywhere(data, name, tmp_path):
    """Yield what reads a hand-in of one file: given, on a host, in memory, in a class."""
    top = write(tmp_path / "class" / "ana", {name: data})
    write(tmp_path / "class", {"zoe/gan_pytorch.py": WORK})
    yield lambda: find(top / name, PART)
    yield lambda: find(top, PART)

    def on_host():
        [(_, one)] = lookup.each_or_reason(top, [PART])
        if isinstance(one, str):
            raise SubmissionError(one)
        return one

    yield on_host
    yield lambda: find_in_files("ana", {name: data}, PART, "ana")
    ana, _ = find_class(tmp_path / "class", PART).entries
    yield lambda: ana.load(PART)


# --- archives -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", TARS)
def test_a_tar_of_every_form_is_read_as_a_zip_is(suffix, tmp_path):
    files = {"./hw/gan_pytorch.py": "import layers\n" + WORK, "./hw/layers.py": "x = 1\n"}
    for read in everywhere(tarred(files, suffix), f"hw{suffix}", tmp_path):
        assert set(read().files) == {"gan_pytorch.py", "layers.py"}


@pytest.mark.parametrize("outer", [".zip", ".tar.gz"])
@pytest.mark.parametrize("inner", [".zip", ".tgz"])
def test_an_archive_in_an_archive_is_read_and_a_third_is_not(inner, outer, tmp_path):
    def pack(files, suffix):
        return zipped(files) if suffix == ".zip" else tarred(files, suffix)

    one = pack({"gan_pytorch.py": WORK}, inner)
    two = pack({f"homework/hw{inner}": one}, outer)
    for read in everywhere(two, f"ana{outer}", tmp_path / "two"):
        assert read().files == {"gan_pytorch.py": WORK.encode()}
    three = pack({f"x/hw{outer}": two}, outer)
    with pytest.raises(SubmissionError, match="no source file at all, only"):
        find(write(tmp_path, {f"three{outer}": three}) / f"three{outer}", PART)


@pytest.mark.parametrize("name", ["../gan_pytorch.py", "/etc/gan_pytorch.py", "a/../../x.py"])
def test_a_tars_path_out_of_itself_is_refused(name, tmp_path):
    for read in everywhere(tarred({name: WORK}), "hw.tar", tmp_path):
        with pytest.raises(SubmissionError, match="outside of itself"):
            read()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_a_tar_are_not_files(kind, tmp_path):
    data = tarred({"gan_pytorch.py": b""}, type=kind, linkname="/etc/passwd")
    for read in everywhere(data, "hw.tar", tmp_path):
        with pytest.raises(SubmissionError, match="no source file at all"):
            read()


@pytest.mark.exhaustive(reason="packs 300 MB three times")
@pytest.mark.parametrize("suffix", [".tar.gz", ".tar.bz2", ".tar.xz"])
def test_a_tar_that_unpacks_to_far_more_is_refused_before_it_is_unpacked(suffix, tmp_path):
    data = tarred({"gan_pytorch.py": bytes(300 << 20)}, suffix)
    path = write(tmp_path, {f"hw{suffix}": data}) / f"hw{suffix}"
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError, match=r"far larger unpacked|128 MB unpacked"):
            find(path, PART)
        assert tracemalloc.get_traced_memory()[1] < 300 << 20
    finally:
        tracemalloc.stop()


def test_a_tar_with_too_many_names_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tars, "MAX_MEMBERS", 100)
    files = {f"{n}.pdf": b"" for n in range(200)}
    for read in everywhere(tarred(files, ".tgz"), "hw.tgz", tmp_path):
        with pytest.raises(SubmissionError, match="its list of files is too long"):
            read()


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tar.bz2", ".tar.xz"])
def test_a_tar_that_is_damaged_anywhere_is_read_or_one_line(suffix):
    whole = tarred({"gan_pytorch.py": WORK, "a/b.py": "b = 1\n"}, suffix)
    draw = random.Random(suffix)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 40)):
            data[draw.randrange(min(len(data), 2000))] = draw.randrange(256)
        if draw.random() < 0.3:
            del data[draw.randrange(len(data)) :]
        try:
            find_in_files("x", {f"x{suffix}": bytes(data)}, PART, "x")
        except SubmissionError as problem:
            assert str(problem) == one_line(str(problem))


def test_a_damaged_archive_beside_the_work_costs_nothing_and_is_told(tmp_path):
    write(tmp_path, {"gan_pytorch.py": WORK, "old.zip": b"PK\3\4 no", "old.tgz": b"\x1f\x8b no"})
    submission = find(tmp_path, PART)
    assert submission.files == {"gan_pytorch.py": WORK.encode()}
    assert len([note for note in submission.notes if "not a readable" in note]) == 2


# --- what programs leave --------------------------------------------------------------------------


def environment(top, proof, count=5000):
    files = {f"{top}lib/python3.11/m{n // 100}/f{n}.py": "" for n in range(count)}
    return {f"{top}{proof}": "", **files, f"{top}bin/activate_this.py": WORK}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "left",
    [
        environment("myenv/", "pyvenv.cfg"),
        environment("conda/", "conda-meta/history"),
        environment("", "pyvenv.cfg"),
        {f"node_modules/a{n}/gan_pytorch.py": WORK for n in range(3000)},
        {f".git/{n}.py": "" for n in range(3000)},
        {f"deps/site-packages/{n}.py": "" for n in range(3000)},
        {f"__MACOSX/hw/._{n}.py": "" for n in range(3000)},
    ],
    ids=["venv", "conda", "here", "node", "git", "packages", "macos"],
)
def test_environments_and_caches_are_skipped_before_anything_is_counted(left, packed, tmp_path):
    files = {**left, "gan_pytorch.py": "from libs.a import b\n" + WORK, "libs/a.py": "b = 1\n"}
    if packed:
        write(tmp_path, {"class/ana/hw.zip": zipped(files)})
    else:
        write(tmp_path / "class" / "ana", files)
    write(tmp_path / "class", {"zoe/gan_pytorch.py": WORK})
    start = time.perf_counter()
    ana, zoe = find_class(tmp_path / "class", PART).entries
    for submission in (find(tmp_path / "class" / "ana", PART), ana.load(PART)):
        assert set(submission.files) == {"gan_pytorch.py", "libs/a.py"}
        assert submission.notes == ()
    assert zoe.load(PART).files == {"gan_pytorch.py": WORK.encode()}
    assert time.perf_counter() - start < 10


def test_a_student_called_lib_is_no_environment(tmp_path):
    write(tmp_path, {"pyvenv.cfg": "", "Lib/gan_pytorch.py": WORK, "Bin/gan_pytorch.py": WORK})
    assert [entry.key for entry in find_class(tmp_path, PART).entries] == ["Bin", "Lib"]


# --- the tree stays a tree ------------------------------------------------------------------------


def test_folders_above_everything_are_left_out_unless_they_are_imported(tmp_path):
    files = {"hw4/src/gan_pytorch.py": WORK, "hw4/src/layers.py": "x = 1\n"}
    path = write(tmp_path, {"a.zip": zipped(files)}) / "a.zip"
    assert find(path, PART).main == "gan_pytorch.py"
    files["hw4/src/gan_pytorch.py"] = "from src.layers import x\n" + WORK
    path.write_bytes(zipped(files))
    assert set(find(path, PART).files) == {"src/gan_pytorch.py", "src/layers.py"}
    write(tmp_path / "src", {"gan_pytorch.py": "from src.layers import x\n" + WORK})
    write(tmp_path / "src", {"layers.py": "x = 1\n"})
    assert set(find(tmp_path / "src", PART).files) == {"src/gan_pytorch.py", "src/layers.py"}


def test_a_renamed_file_that_others_import_keeps_its_old_name_too(tmp_path):
    write(tmp_path, {"hw4.py": WORK + "import tools\n", "tools.py": "from hw4 import generator\n"})
    assert set(find(tmp_path, PART).files) == {"gan_pytorch.py", "hw4.py", "tools.py"}


def test_a_files_modules_bring_their_own_modules_and_folders(tmp_path):
    write(
        tmp_path,
        {
            "gan_pytorch.py": "from layers import x\nfrom nets.blocks import y\n" + WORK,
            "layers.py": "from deeper import x\n",
            "deeper.py": "x = 1\n",
            "nets/blocks.py": "y = 1\n",
            "unrelated.py": "z = 1\n",
        },
    )
    names = {"gan_pytorch.py", "layers.py", "deeper.py", "nets/blocks.py"}
    assert set(find(tmp_path / "gan_pytorch.py", PART).files) == names


@pytest.mark.parametrize("mine", ["gan_pytorch.py", "mallory.py"])
def test_a_neighbours_folder_beside_a_file_is_not_taken(mine, tmp_path):
    write(tmp_path, {"alice/gan_pytorch.py": WORK, "alice/__init__.py": ""})
    write(tmp_path, {mine: "from alice.gan_pytorch import *\nfrom alice import gan_pytorch as g\n"})
    submission = find(tmp_path / mine, PART)
    assert set(submission.files) == {"gan_pytorch.py"}
    assert "alice/gan_pytorch.py" in submission.notes[0]


# --- data -----------------------------------------------------------------------------------------

DATA = {
    "settings.json": '{"lr": 1}',
    "my settings 2.yaml": "lr: 1\n",
    "data/Labels.CSV": "a,b\n",
    "data/run_1.npz": b"PK\3\4",
    "notes.txt": "never read",
    "public_checks.npz": b"PK\3\4",
}
READS = (
    'open("settings.json")\nopen("my settings 2.yaml")\nopen(folder / "Labels.CSV")\n'
    'np.load(f"data/run_{n}.npz")\nnp.load("public_checks.npz")\n'
)


def test_data_that_the_code_mentions_comes_along_and_no_other(tmp_path):
    wanted = {"settings.json", "my settings 2.yaml", "data/Labels.CSV", "data/run_1.npz"}
    files = {
        **DATA,
        "gan_pytorch.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": READS + WORK}]}),
    }
    for read in everywhere(zipped(files), "hw.zip", tmp_path / "zip"):
        assert set(read().files) - {"gan_pytorch.ipynb"} == wanted
    write(tmp_path / "class" / "ana", files)
    write(tmp_path / "class", {"zoe/gan_pytorch.py": WORK})
    ana, zoe = find_class(tmp_path / "class", PART).entries
    for submission in (find(tmp_path / "class" / "ana", PART), ana.load(PART)):
        assert set(submission.files) - {"gan_pytorch.ipynb"} == wanted
    assert set(zoe.load(PART).files) == {"gan_pytorch.py"}
    alone = find(tmp_path / "class" / "ana" / "gan_pytorch.ipynb", PART)
    assert set(alone.files) - {"gan_pytorch.ipynb"} == {n for n in wanted if "/" not in n}


def test_data_is_limited_in_size_and_number_and_the_rest_is_told(tmp_path):
    files = {f"{n}.csv": "x" for n in range(MAX_DATA_FILES + 5)}
    files["big.csv"] = bytes(MAX_DATA + 1)
    submission = find(write(tmp_path, {**files, "hw.py": WORK + "glob('*.csv')\n"}), PART)
    assert len(submission.files) == MAX_DATA_FILES + 1
    told = [
        note for note in submission.notes if "too large, or the data files are too many" in note
    ]
    assert len(told) == 6


def test_data_beside_a_file_in_a_class_is_not_taken(tmp_path):
    write(
        tmp_path,
        {"alice.py": WORK, "alice.json": "{}", "mallory.py": "open('alice.json')\n" + WORK},
    )
    assert set(find(tmp_path / "mallory.py", PART).files) == {"gan_pytorch.py"}
    write(tmp_path, {"zoe.py": WORK, "gan_pytorch.py": "open('alice.json')\n" + WORK})
    assert set(find(tmp_path / "gan_pytorch.py", PART).files) == {"gan_pytorch.py"}


def test_data_of_a_file_below_the_top_can_be_opened_from_both_places(tmp_path):
    write(tmp_path, {"src/gan_pytorch.py": WORK + "open('data/x.json')\n", "data/x.json": "{}"})
    names = {"src/gan_pytorch.py", "data/x.json", "src/data/x.json"}
    assert set(find(tmp_path, PART).files) == names

"""The engine's own time grows as a hand-in does, and what is too much is refused early."""

from __future__ import annotations

import io
import json
import struct
import time
import tracemalloc
import zipfile

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins import fragments, listing, zips
from autograder.handins.layouts.blackboard import BLACKBOARD
from autograder.handins.layouts.brightspace import BRIGHTSPACE
from autograder.handins.layouts.canvas import read_name
from autograder.handins.layouts.gradescope import parse_metadata
from autograder.handins.layouts.moodle import MOODLE
from autograder.handins.layouts.sakai import STUDENT
from autograder.handins.listing import parse_time
from autograder.handins.members import Member
from autograder.handins.roster import find_class
from autograder.handins.submission import Submission, find, find_in_files
from autograder.handins.times import read_stamp, read_written
from autograder.handins.tree import of_members
from autograder.handins.writes import functions_in, modules_in
from autograder.platforms.nbgrader import six_steps
from autograder.platforms.nbgrader.six_steps import read_steps
from autograder.running.environment import wanted_imports

PART = parts.get("gan_pytorch")
TEXT = b"def sample_noise(batch_size, dim, seed=None):\n    return None\n"
FLOOR = 0.02  # seconds; shorter times are mostly the clock's and the machine's


def least(run, text):
    """Return the least of three times: other programs only ever make one longer."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run(text)
        times.append(time.perf_counter() - start)
    return min(times)


def grows_as_its_text(run, make, size):
    """Assert that four times the text takes less than ten times as long; quadratic is sixteen."""
    once, four = least(run, make(size)), least(run, make(4 * size))
    assert four < 10 * max(once, FLOOR), (
        f"{once:.3f} s for {size}, {four:.3f} s for four times that"
    )


def repeated(unit, before="", after=""):
    return lambda size: before + unit * size + after


TEXTS = {
    "empty lines": repeated("\n"),
    "spaces": repeated(" "),
    "spaces before a word": repeated(" ", "", "x"),
    "indented lines": repeated("        \n"),
    "names": repeated("sample_noise "),
    "names and commas": repeated("sample_noise,", "", "!"),
    "equals": repeated("="),
    "names and equals": repeated("sample_noise="),
    "imports": repeated("import "),
    "import of a gap": repeated(" ", "import", "\n"),
    "imports of stars": repeated("import a, *b"),
    "froms": repeated("from a import (\n"),
    "a list without an end": repeated("a,\n", "from a import ("),
    "definitions": repeated("def "),
    "one long word": repeated("a"),
    "quotes": repeated(' "import'),
    "backslashes": repeated("\\\n"),
}


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
def test_what_a_text_writes_and_imports_is_read_in_time_that_grows_as_it_does(make):
    def read(text):
        functions_in(text, PART)
        modules_in(text)
        wanted_imports(Submission("x", "gan_pytorch.py", {"gan_pytorch.py": text.encode()}), PART)

    grows_as_its_text(read, make, 5000)


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_a_file_of_any_text_is_found_in_time_that_grows_as_it_does(make, suffix, tmp_path):
    path = tmp_path / f"hw{suffix}"

    def read(text):
        whole = json.dumps({"cells": [{"cell_type": "code", "source": text}]})
        path.write_text(f"x{text}" if suffix == ".py" else whole)
        try:
            find(path, PART)
        except SubmissionError as problem:
            assert "\n" not in str(problem)

    grows_as_its_text(read, make, 2500)


ANSWERS = {
    "spaces": repeated(" ", "x", "1"),
    "names": repeated("x"),
    "names and equals": repeated("x1="),
    "gaps": repeated("x     "),
    "one equation": repeated("!", "x1 = 1", "a"),
    "sums": repeated("x1 = 1 + "),
    "digits": repeated("1", "x1="),
    "openings": repeated("("),
    "pairs without an end": repeated("(1,"),
    "a pair of gaps": repeated(" ", "(1", "2"),
    "lists": repeated("[1, 2"),
    "less": repeated("<"),
    "comments": repeated("<!--"),
    "ended comments": repeated("<!-- -->"),
    "cells": repeated("</td>   "),
    "LaTeX": repeated("\\begin{"),
    "LaTeX twice": repeated("\\begin{a}{"),
    "ampersands": repeated("&a"),
    "headings": repeated("y x\n"),
    "rows": repeated("y 2 1 1 2 3 4\nx 1 2 3 4 5 6\n"),
    "nameless rows": repeated("2 1 1 2 3 4\n"),
    "subscripts": repeated("x_{+"),
    "hats": repeated("^{("),
    "entities": repeated("9", "&#", ";"),
    "bars": repeated("|", "y|x\n"),
}


@pytest.mark.parametrize("make", ANSWERS.values(), ids=ANSWERS)
def test_a_written_answer_is_read_in_time_that_grows_as_it_does(make):
    unit = len(make(2)) - len(make(1))
    grows_as_its_text(read_steps, make, six_steps.LONGEST // (4 * unit) - 10)


def test_a_written_answer_that_is_too_long_waits_for_a_person():
    answer = "y: 2, 1, -1, -2, -1, 1\nx: -1, -2, -1, 1, 2, 1\n"
    assert read_steps(answer).right == 6
    assert read_steps(answer + " " * (six_steps.LONGEST - len(answer))).right == 6
    assert read_steps(answer + " " * six_steps.LONGEST) is None


def test_comments_in_a_written_answer_are_left_out_but_an_unended_one_is_text():
    answer = "<!-- y: 1 --> y: 2, 1, -1, -2, -1, 1<!---->\nx: -1, -2, -1, 1, 2, 1\n"
    assert read_steps(answer).right == 6
    assert read_steps(f"{answer}<!-- and so on").right == 6
    assert read_steps("&#" + "9" * 5000 + ";" + answer).right == 6


@pytest.mark.parametrize(
    "make",
    [
        repeated(" ", "submission_1:\n  :submitters:\n", "x"),
        repeated("  - ", "submission_1:\n  :submitters:\n"),
        repeated("submission_1", "submission_1:\n"),
        repeated("submission_1:\n  :submitters:\n  - :name: a\n"),
        repeated("\\U", 'submission_1:\n  :submitters:\n  - :name: "', '"'),
        repeated(" ", "submission_1:\n  :created_at: 2", "x"),
        repeated(" \n"),
    ],
)
def test_gradescopes_metadata_are_read_in_time_that_grows_as_they_do(make):
    grows_as_its_text(parse_metadata, make, 5000)


NAMES = (MOODLE, BLACKBOARD, BRIGHTSPACE, STUDENT)
UNITS = [
    "_1",
    "1",
    "_",
    "_1_assignsubmission_",
    " ",
    "-1",
    "a_1_1_",
    "_attempt_",
    "(a)",
    " - ",
    "1-1 - ",
]


@pytest.mark.parametrize(
    "run", [*(one.fullmatch for one in NAMES), read_name, parse_time, read_stamp, read_written]
)
@pytest.mark.parametrize("unit", UNITS)
def test_a_name_or_a_time_is_read_in_time_that_grows_as_it_does(run, unit):
    grows_as_its_text(run, repeated(unit, "a"), 5000)


@pytest.mark.parametrize("unit", ["-1", "-", "1", "-1x"])
def test_a_file_that_canvas_numbered_is_read_in_time_that_grows_as_its_name_does(unit):
    grows_as_its_text(lambda name: read_name(name).order, repeated(unit, "a_1_1_b"), 5000)


# --- zips -----------------------------------------------------------------------------------------


def many_names(count, length=1):
    """Return a zip of many empty files, made faster than zipfile would."""
    local = b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    names = [f"{n:0{length}}".encode() for n in range(count)]
    entries = b"".join(
        b"PK\x01\x02"
        + struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(entries), len(local), 0)
    return local + entries + end


def with_zip64(data):
    """Say the list's size again in the form for large zips, where alone it counts."""
    start = data.index(b"PK\x01\x02")
    size = len(data) - 22 - start
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:-22] + wide + locator + end


@pytest.fixture
def entries_made(monkeypatch):
    """Count the entries that zipfile makes."""
    made = []

    class Counted(zipfile.ZipInfo):
        def __init__(self, *args, **options):
            made.append(1)
            super().__init__(*args, **options)

    monkeypatch.setattr(zipfile, "ZipInfo", Counted)
    return made


LISTS = {
    "a million names": lambda: many_names(1_000_000),
    "long names": lambda: many_names(200, 60_000),
    "zip64": lambda: with_zip64(many_names(200_000)),
    "with a comment": lambda: many_names(200_000)[:-2] + struct.pack("<H", 5) + b"hello",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_is_refused_before_it_is_read(name, entries_made, tmp_path):
    path = tmp_path / "hw.zip"
    path.write_bytes(LISTS[name]())
    for read in (
        lambda: find(path, PART),
        lambda: find_in_files("x", {"hw.zip": path.read_bytes()}, PART, "x"),
    ):
        with pytest.raises(SubmissionError, match=r"hw\.zip: its list of files is too long"):
            read()
    assert not entries_made


def in_a_hand_in(data):
    """Return what is read of a zip in a hand-in; raise what it is refused with."""
    tree = of_members([Member("x.zip", len(data), lambda most: data)], "ana")
    for problem in tree.problems:
        raise problem
    return tree


def test_a_list_that_the_limit_allows_is_read(tmp_path):
    for data in (many_names(100), with_zip64(many_names(100))):
        assert len(in_a_hand_in(data).others) == 100


def test_all_zips_in_a_hand_in_share_one_limit(entries_made):
    one = many_names(30_000)  # which alone is allowed
    files = {f"{n}.zip": one for n in range(100)}
    with pytest.raises(SubmissionError, match="its list of files is too long"):
        find_in_files("x", files, PART, "x")
    assert len(entries_made) < 100_000


@pytest.mark.parametrize("where", ["class", "hand-in"])
def test_a_long_list_in_one_hand_in_costs_no_other(where, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada/gan_pytorch.py", TEXT)
        archive.writestr("mallory/hw.zip", many_names(200_000), zipfile.ZIP_STORED)
    if where == "class":  # it is the class's own list that is too long
        monkeypatch.setattr(listing, "MAX_CLASS_LIST", 10)
        with pytest.raises(SubmissionError, match="list of files is too long"):
            find_class(tmp_path / "class.zip", PART)
        return
    ada, mallory = find_class(tmp_path / "class.zip", PART).entries
    assert ada.load(PART).main == "gan_pytorch.py"
    with pytest.raises(SubmissionError, match="its list of files is too long"):
        mallory.load(PART)


def test_a_classs_zip_is_not_opened_again_for_every_file(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for number in range(50):
            archive.writestr(f"{number}/gan_pytorch.py", TEXT)
    opened = []
    usual = zipfile.ZipFile.__init__
    monkeypatch.setattr(
        zipfile.ZipFile, "__init__", lambda *a, **k: opened.append(1) or usual(*a, **k)
    )
    assert all(entry.load(PART) for entry in find_class(tmp_path / "class.zip", PART).entries)
    assert len(opened) <= 2


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_what_unpacks_to_more_than_the_zip_says_is_not_unpacked(method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("gan_pytorch.py", bytes(200 << 20))
    data = bytearray(buffer.getvalue())
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<L", 100_000)
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError, match="not a readable zip file"):
            in_a_hand_in(bytes(data))
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
def test_a_sound_zip_of_every_method_is_read(method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("gan_pytorch.py", TEXT * 500)
        archive.writestr("empty.py", b"")
    assert in_a_hand_in(buffer.getvalue()).sources["x/gan_pytorch.py"] == TEXT * 500
    assert zips.MAX_LIST > 1 << 20


# --- similar submissions --------------------------------------------------------------------------

DEEP = {
    "parentheses": "(" * 90_000,
    "minus": "x = " + "-" * 90_000 + "1",
    "sum": "def f():\n    return " + "+".join("a" * 40_000),
    "calls": "def f():\n    return a" + "()" * 40_000,
    "lambdas": "x = " + "lambda: " * 12_000 + "1",
    "elif": "if a: pass\n" + "elif a: pass\n" * 7000,
    "a large number": f"def f():\n    x = 0x{'f' * 90_000}\n    return [x, x, x, x, x, x, x, x]",
    "surrogates": "def f():\n    return '\\ud800', '\ud800'",
    "attributes": "def f():\n    return a" + ".a" * 40_000,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_a_text_that_no_parser_takes_has_no_fragments(source, suffix):
    text = (
        source
        if suffix == ".py"
        else json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    )
    data = text.encode(errors="surrogatepass")
    name = f"gan_pytorch{suffix}"
    found = fragments.fragments(Submission("x", name, {name: data}), ["f"])
    assert found == {} or "0xfff" in source


def test_a_notebook_is_parsed_up_to_one_length_however_many_cells_it_has(monkeypatch):
    parsed = []
    monkeypatch.setattr(fragments, "parse", lambda source: parsed.append(source) or 1 / 0)
    cells = [{"cell_type": "code", "source": "x;" * 20_000} for _ in range(20)]
    name = "gan_pytorch.ipynb"
    data = json.dumps({"cells": cells}).encode()
    assert fragments.fragments(Submission("x", name, {name: data}), ["f"]) == {}
    assert not parsed

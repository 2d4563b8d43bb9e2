"""What a student hands in decides about that student alone, and takes nothing of a neighbour's."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder import parts
from autograder.errors import SubmissionError
from autograder.handins import lookup
from autograder.handins.layouts.gradescope import parse_metadata
from autograder.handins.roster import find_class
from autograder.handins.submission import find
from autograder.running import environment
from tests.written import write

PART = parts.get("gan_pytorch")
TEXT = "def sample_noise(batch_size, dim, seed=None):\n    return None\n"
WHOLE = "".join(f"def {name}(*args):\n    pass\n" for name in PART.functions())
METADATA = "submission_metadata.yml"
YML = """---
submission_1:
  :created_at: 2020-01-01 00:00:00.000000000 Z
  :submitters:
  - :name: alice
    :sid: '1'
submission_2:
  :submitters:
  - :name: mallory
    :sid: '2'
"""
OTHERS = {"alice/gan_pytorch.py": TEXT, "zoe/hw/gan_pytorch.py": TEXT}
MOODLE = "_assignsubmission_file_"


def packed(top, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(top.rglob("*")):
            archive.write(file, file.relative_to(top))
    return path


def students(path):
    return [entry.key for entry in find_class(path, PART).entries]


# --- a class's layout -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize(
    "mine",
    [
        pytest.param({f"mallory/{METADATA}": YML, "mallory/submission_1/x.py": TEXT}, id="yml"),
        pytest.param({f"mallory/a/b/{METADATA}": YML, "mallory/a/x.py": TEXT}, id="yml deep"),
        pytest.param({"mallory/submitted/x/y/gan_pytorch.py": TEXT}, id="submitted"),
        pytest.param({"mallory/submitted/x/y/timestamp.txt": "1999-01-01 00:00 UTC"}, id="stamp"),
        pytest.param({f"mallory/alice_7{MOODLE}/gan_pytorch.py": TEXT}, id="Moodle inside"),
        pytest.param({f"mallory/alice_{n}_1_gan_pytorch.py": TEXT for n in range(9)}, id="Canvas"),
        pytest.param({"mallory/source/x.py": TEXT, "mallory/gradebook.db": ""}, id="nbgrader"),
    ],
)
def test_nothing_inside_a_hand_in_changes_the_roster(mine, kind, tmp_path):
    top = write(tmp_path / "class", {**OTHERS, **mine})
    place = packed(top, tmp_path / "class.zip") if kind == "zip" else top
    roster = find_class(place, PART)
    assert roster.layout == "a file, zip or folder each"
    assert [entry.key for entry in roster.entries] == ["alice", "mallory", "zoe"]


@pytest.mark.parametrize(
    ("mine", "who"),
    [
        ({f"Eve_12345{MOODLE}/gan_pytorch.py": TEXT}, f"Eve_12345{MOODLE}"),
        ({"eve_12_13_gan_pytorch.py": TEXT}, "eve_12_13_gan_pytorch"),
        ({"submission_7/gan_pytorch.py": TEXT, METADATA: YML}, "submission_7"),
        ({"submitted/x/y/gan_pytorch.py": TEXT}, "submitted"),
    ],
)
def test_one_name_in_a_platforms_form_is_one_student_among_others(mine, who, tmp_path):
    write(tmp_path, {**OTHERS, **mine})
    assert sorted(students(tmp_path)) == sorted(["alice", "zoe", who])


def test_a_file_called_as_gradescopes_metadata_beside_single_files_is_no_export(tmp_path):
    write(tmp_path, {"alice.py": TEXT, "zoe.ipynb": "{}", METADATA: YML})
    assert students(tmp_path) == ["alice", "zoe"]


def test_a_class_of_one_is_not_read_by_that_students_metadata(tmp_path):
    write(tmp_path, {f"mallory/{METADATA}": YML, "mallory/submission_1/gan_pytorch.py": TEXT})
    assert students(tmp_path) == ["mallory"]


def test_plain_folders_in_a_folder_called_submitted_stay_a_student_each(tmp_path):
    top = write(tmp_path / "submitted", {**OTHERS, "mallory/x/gan_pytorch.py": TEXT, "bo.py": TEXT})
    assert students(top) == ["alice", "bo", "mallory", "zoe"]


def test_who_handed_in_a_report_alone_is_not_lost_below_anothers_folders(tmp_path):
    write(tmp_path, {"alice/report.pdf": "x", "mallory/a/b/gan_pytorch.py": TEXT})
    assert students(tmp_path) == ["alice", "mallory"]
    write(tmp_path / "more", {"class/readme.txt": "x", "class/ada/gan_pytorch.py": TEXT})
    assert students(tmp_path / "more") == ["ada"]


def test_only_the_time_stamp_that_nbgrader_writes_says_when_it_was_handed_in(tmp_path):
    stamp = "2026-02-01 10:00:00.000000 UTC"
    write(
        tmp_path,
        {
            "submitted/mallory/gans/gan_pytorch.py": TEXT,
            "submitted/mallory/gans/timestamp.txt": stamp,
            "submitted/mallory/gans/zzz/timestamp.txt": "1999-01-01 00:00:00 UTC",
            "submitted/eve/gans/gan_pytorch.py": TEXT,
            "submitted/eve/gans/a/timestamp.txt": "1999-01-01 00:00:00 UTC",
        },
    )
    eve, mallory = find_class(tmp_path, PART).entries
    assert mallory.submitted == dt.datetime(2026, 2, 1, 10, tzinfo=dt.timezone.utc)
    assert eve.submitted is not None and eve.submitted.year != 1999


def test_a_time_stamp_that_is_no_time_is_none(tmp_path):
    for text in (" " * 50_000, "2026-01-01 10:00 " + " " * 50_000 + "x", "\xff\0", "9" * 5000):
        write(tmp_path, {"submitted/a/g/gan_pytorch.py": TEXT, "submitted/a/g/timestamp.txt": text})
        (entry,) = find_class(tmp_path, PART).entries
        assert entry.submitted is not None  # the file's own


def test_in_moodles_flat_files_the_first_fit_names_the_student(tmp_path):
    mine = f"Mallory_77{MOODLE}alice_12{MOODLE}gan_pytorch.py"
    write(tmp_path, {f"Alice_12{MOODLE}gan_pytorch.py": TEXT, mine: TEXT})
    people = [entry.people[0] for entry in find_class(tmp_path, PART).entries]
    assert [(person.name, person.id) for person in people] == [("Alice", "12"), ("Mallory", "77")]


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0c", "\x1c", "\r"])
def test_a_line_separator_in_a_students_text_begins_no_submission(separator):
    forged = f"{separator}submission_9:{separator}  :submitters:{separator}  - :name: Eve"
    text = YML + f"  :results:\n    :output: '{forged}'\n"
    assert parse_metadata(text).keys() == {"submission_1", "submission_2"}


@pytest.mark.parametrize("number", ["9" * 5000, "٣", "007"])
def test_numbers_in_a_name_in_canvass_form_may_be_of_any_length(number, tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for who in ("ada", "bob"):
            archive.writestr(f"{who}_1{len(who)}_{number}_gan_pytorch-{number}.py", TEXT)
            archive.writestr(f"{who}_1{len(who)}_5_gan_pytorch.py", TEXT)
    (tmp_path / "class.zip").write_bytes(buffer.getvalue())
    assert len(find_class(tmp_path / "class.zip", PART).entries) >= 1


# --- files beside a file --------------------------------------------------------------------------


def taken(path):
    handed_in = find(path, PART)
    return set(handed_in.files) - {handed_in.main}, handed_in.notes


@pytest.mark.parametrize(
    "line",
    [
        "from alice import *",
        "import alice",
        "import os, alice",
        "from alice import sample_noise as s",
        "if True:\n    import  alice",
    ],
)
@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_a_neighbours_file_is_not_taken_and_a_note_says_so(line, suffix, tmp_path):
    text = f"{TEXT}{line}\n"
    cell = {"cell_type": "code", "source": text}
    mine = json.dumps({"cells": [cell]}) if suffix == ".ipynb" else text
    write(tmp_path, {"alice.py": WHOLE, f"mallory{suffix}": mine})
    names, notes = taken(tmp_path / f"mallory{suffix}")
    assert names == set()
    assert "alice.py" in notes[0] and "gan_pytorch.py" in notes[0]


def test_a_neighbours_helper_is_not_taken_either(tmp_path):
    alice = "from tricks import noise\n" + WHOLE
    write(tmp_path, {"alice.py": alice, "tricks.py": "def noise(): pass\n"})
    write(tmp_path, {"mallory.py": "from tricks import noise as sample_noise\n"})
    names, notes = taken(tmp_path / "mallory.py")
    assert names == set() and "tricks.py" in notes[0]
    (tmp_path / "alice.py").unlink()
    cell = {"cell_type": "code", "source": alice}
    write(tmp_path, {"alice.ipynb": json.dumps({"cells": [cell]})})
    assert taken(tmp_path / "mallory.py")[0] == set()


def test_the_parts_own_file_has_its_helpers_beside_it(tmp_path):
    helpers = {"layers.py": "x = 1\n", "losses.py": "def bce_loss(a, b):\n    pass\n"}
    write(tmp_path, {**helpers, "gan_training.py": "y = 1\n", "old_version.py": WHOLE})
    mine = "import layers, losses\nimport gan_training\nfrom old_version import bce_loss\n" + TEXT
    write(tmp_path, {"gan_pytorch.py": mine, "my_own.py": mine})
    assert taken(tmp_path / "gan_pytorch.py") == (
        {"layers.py", "losses.py", "gan_training.py", "old_version.py"},
        (),
    )
    names, notes = taken(tmp_path / "my_own.py")  # old_version.py may be somebody else's
    assert names == {"gan_training.py"} and "losses.py" in notes[0]
    (tmp_path / "old_version.py").unlink()
    (tmp_path / "gan_pytorch.py").unlink()
    names, notes = taken(tmp_path / "my_own.py")
    assert names == {"gan_training.py", "layers.py"} and "losses.py" in notes[0]


def test_in_a_folder_of_several_hand_ins_nobodys_name_opens_them(tmp_path):
    mine = "from alice import *\nimport gan_training\n"
    write(
        tmp_path,
        {"alice.py": WHOLE, "zoe.py": WHOLE, "gan_training.py": "", "gan_pytorch.py": mine},
    )
    names, notes = taken(tmp_path / "gan_pytorch.py")
    assert names == {"gan_training.py"} and "alice.py" in notes[0]


def test_the_released_stub_beside_a_file_is_no_hand_in(tmp_path):
    write(tmp_path, {"layers.py": "x = 1\n", "gan_pytorch (1).py": "import layers\n" + WHOLE})
    write(tmp_path, {"gan_pytorch.py": PART.stub.read_bytes()})
    assert taken(tmp_path / "gan_pytorch (1).py")[0] == {"layers.py"}


@pytest.mark.parametrize(
    "name", ["mallory.ipynb", "gan_pytorch-mallory.ipynb", "gan_pytorch 2.ipynb"]
)
def test_a_notebook_without_functions_gets_no_file_of_another_name(name, tmp_path):
    empty = json.dumps({"cells": [{"cell_type": "code", "source": "import gan_pytorch\n"}]})
    write(tmp_path, {name: empty, "gan_pytorch.py": WHOLE})
    with pytest.raises(SubmissionError, match=r"hand in the gan_pytorch\.py"):
        find(tmp_path / name, PART)


def test_a_notebook_without_functions_gets_its_own_module_but_not_in_a_class(tmp_path):
    empty = json.dumps({"cells": []})
    write(tmp_path, {"gan_pytorch.ipynb": empty, "gan_pytorch.py": WHOLE})
    assert find(tmp_path / "gan_pytorch.ipynb", PART).main == "gan_pytorch.py"
    write(tmp_path, {"alice.py": WHOLE, "zoe.py": WHOLE})
    with pytest.raises(SubmissionError, match=r"hand in the gan_pytorch\.py"):
        find(tmp_path / "gan_pytorch.ipynb", PART)


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gan_pytorch.py", "hw.zip", "hw.ipynb", "hw"])
def test_a_link_is_refused_as_the_file_itself(name, tmp_path):
    write(tmp_path, {"secret/gan_pytorch.py": WHOLE})
    target = tmp_path / "secret" / ("" if name == "hw" else "gan_pytorch.py")
    (tmp_path / name).symlink_to(target)
    with pytest.raises(SubmissionError, match="a link") as caught:
        find(tmp_path / name, PART)
    assert str(caught.value).isprintable()
    for place in ([PART], True), ([PART], False):
        with pytest.raises(SubmissionError, match="a link"):
            lookup.parts_in(tmp_path / name, *place)


@pytest.mark.parametrize("beside", [{}, {"readme.txt": "x"}, {"helpers.py": "x = 1\n"}])
@pytest.mark.parametrize("name", ["gan_pytorch.py", "work.py", "gan_pytorch"])
def test_a_host_never_follows_a_students_link(beside, name, tmp_path):
    write(tmp_path, {"secret/gan_pytorch.py": WHOLE})
    submission = write(tmp_path / "submission", beside)
    submission.mkdir(exist_ok=True)
    (submission / name).symlink_to(
        tmp_path / "secret" / ("" if "." not in name else "gan_pytorch.py")
    )
    [(_, reason)] = lookup.each_or_reason(submission, [PART])
    assert isinstance(reason, str) and reason.isprintable()


def test_a_hosts_own_folder_may_be_a_link(tmp_path):
    write(tmp_path, {"real/gan_pytorch.py": TEXT})
    (tmp_path / "submission").symlink_to(tmp_path / "real")
    [(_, handed_in)] = lookup.each_or_reason(tmp_path / "submission", [PART])
    assert handed_in.label == "submission" and handed_in.main == "gan_pytorch.py"


def test_in_a_class_links_of_every_kind_are_named_and_not_followed(tmp_path):
    write(tmp_path, {"secret/gan_pytorch.py": WHOLE, "class/ada/gan_pytorch.py": TEXT})
    (tmp_path / "class" / "bob").symlink_to(tmp_path / "secret")
    (tmp_path / "class" / "eve.py").symlink_to(tmp_path / "secret" / "gan_pytorch.py")
    os.mkfifo(tmp_path / "class" / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "class" / "socket.py"))
        roster = find_class(tmp_path / "class", PART)
    assert [entry.key for entry in roster.entries] == ["ada"]
    told = " ".join(roster.unread)
    assert all(name in told for name in ("bob", "eve.py", "pipe.py", "socket.py"))


# --- where Python looks for modules ---------------------------------------------------------------


@pytest.mark.parametrize(
    "module", ["click.py", "numpy.py", "rich/__init__.py", "json.py", "torch.py"]
)
def test_the_command_line_runs_no_module_of_the_current_folder(module, tmp_path):
    marker = tmp_path / "was-run"
    hostile = f"open({str(marker)!r}, 'w').close()\nraise SystemExit(7)\n"
    write(tmp_path / "class", {module: hostile, "gan_pytorch.py": ""})
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", "gan_pytorch.py"],
        cwd=tmp_path / "class",
        env={**os.environ, "PYTHONPATH": str(parts.ROOT)},
        capture_output=True,
        text=True,
    )
    assert not marker.exists()
    assert done.returncode == 1 and "the file is empty" in done.stderr


def test_the_command_line_finds_the_package_in_the_current_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "--version"],
        cwd=parts.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_folders_of_staff_on_the_path_are_not_in_the_room(tmp_path, monkeypatch):
    folders = {name: tmp_path / name for name in ("answers", "site-packages", "target", "class")}
    for folder in folders.values():
        folder.mkdir()
        monkeypatch.syspath_prepend(str(folder))
    (folders["target"] / "torch-2.0.dist-info").mkdir()  # as `pip install --target` leaves it
    (folders["class"] / "mine.dist-info").mkdir()
    monkeypatch.chdir(folders["class"])
    found = environment.import_paths()
    own = [
        name
        for name in ("answers", "site-packages", "target", "class")
        if str(tmp_path / name) in found
    ]
    assert own == ["site-packages", "target"]
    before = {str(Path(place).resolve()) for place in sys.path if "packages" in place}
    assert before <= {*found}  # what is installed stays


def test_a_package_that_is_worked_on_where_it_lies_stays_importable(tmp_path, monkeypatch):
    checkout, packages = tmp_path / "checkout", tmp_path / "packages"
    write(packages, {"its.pth": f"import sys\n# words\n{checkout}\n\n", "odd.pth": b"\xff\xfe"})
    checkout.mkdir()
    monkeypatch.setattr(environment.site, "getsitepackages", lambda: [str(packages)])
    monkeypatch.syspath_prepend(str(checkout))
    assert str(checkout) in environment.import_paths()

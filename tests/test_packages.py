"""The two wheels, the students' zip, and the signatures of the answers: what is in them, and works."""

from __future__ import annotations

import ast
import ctypes.util
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

import numpy as np
import pytest

from autograder.errors import AnswersError, SourceError
from autograder.files import EARLIEST, pack_zip
from autograder.judging import signatures
from autograder.outputs import read_npz
from autograder.parts import EXTRAS, PACKAGE, PARTS, ROOT
from autograder.staff import contents, release
from tests.attacks import secrets_of
from tests.hosts import IN_DOCKER
from tests.test_parts import marked_lines


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Build both from a copy of the checkout, one after the other in the same folder."""
    copy = tmp_path_factory.mktemp("checkout") / "copy"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "docs", "tests")
    shutil.copytree(ROOT, copy, ignore=ignored)
    found = {}
    for kind in ("staff", "students"):  # in this order: nothing of the first may stay behind
        line = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
        ]
        subprocess.run(
            [*line, "--wheel-dir", str(copy.parent / kind), str(copy)],
            env={**os.environ, "GAN_HOMEWORK": kind},
            check=True,
            capture_output=True,
        )
        (found[kind],) = (copy.parent / kind).glob("*.whl")
    return found


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheels_have_two_names(wheels):
    assert wheels["students"].name.startswith("gan_homework-")
    assert wheels["staff"].name.startswith("gan_homework_staff-")


def test_the_students_wheel_holds_no_data_no_mistake_and_no_template_for_staff(wheels):
    names = members(wheels["students"])
    for_staff = ("/data/", "/platforms/templates/")
    assert not [n for n in names if n.endswith(".npz") or any(word in n for word in for_staff)]
    assert [n for n in names if "/mistakes/" in n] == ["autograder/mistakes/__init__.py"]
    assert names["autograder/mistakes/__init__.py"] == b""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_students_wheel_holds_no_line_of_a_solution_and_no_answer(part, wheels):
    files = members(wheels["students"])
    text = b"\n".join(files.values()).decode(errors="replace")
    folders = ("/suites/", "/probes/", "/mistakes/")
    of_parts = [data.decode() for name, data in files.items() if any(f in name for f in folders)]
    stub = part.stub.read_text()
    lines = [line for line in marked_lines(part.solution) if len(line) > 30 and line not in stub]
    assert lines
    assert [line for line in lines if any(line in told for told in of_parts)] == []
    answers, _ = read_npz(part.answers)
    assert not [digits for digits in secrets_of(answers) if digits in text]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_students_suite_holds_the_public_checks_alone(part, wheels, grader):
    files = members(wheels["students"])
    suite = files[f"autograder/suites/{part.suite.name}"].decode()
    tests = {n.name for n in ast.parse(suite).body if getattr(n, "name", "").startswith("test_")}
    public = {f"test_{c.name}" for c in grader._judges[part.name].suite.checks if c.public}
    assert tests == public
    probes = files[f"autograder/probes/{part.probes.name}"].decode()
    assert "_given_" not in probes and len(probes) < part.probes.stat().st_size


def test_the_staff_wheel_has_all_that_the_checkout_has(wheels):
    files = members(wheels["staff"])
    for part in PARTS:
        for path in (part.solution, part.answers, part.fingerprints, part.signatures, part.stub):
            name = path.relative_to(ROOT).as_posix()
            assert files[f"autograder/data/{name}"] == path.read_bytes()
        for path in (part.suite, part.probes, *part.mistakes.glob("*.py")):
            assert files[f"autograder/{path.relative_to(PACKAGE)}"] == path.read_bytes()


def unpacked(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "100"}


@pytest.mark.exhaustive(reason="4 s; the quick run looks into the wheel")
def test_the_staff_wheel_grades_from_an_empty_folder(wheels, part, tmp_path):
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", str(part.solution)],
        env=unpacked(wheels["staff"], tmp_path / "site"),
        cwd=tmp_path / "empty",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "100/100" in done.stdout, done.stderr


@pytest.mark.exhaustive(reason="6 s; the quick run looks into the wheel")
def test_the_students_wheel_checks_and_cannot_grade(wheels, part, tmp_path):
    here = tmp_path / "work"
    here.mkdir()
    shutil.copy(part.solution, here)
    shutil.copy(part.stub.parent / "public_checks.npz", here)
    environment = unpacked(wheels["students"], tmp_path / "site")
    for command, code, words in (
        ("check", 0, "All public checks pass"),
        ("grade", 1, "is in the staff's package alone"),
        ("check --help", 0, "Check your own FILE"),
        ("--help", 0, "doctor"),
    ):
        line = [sys.executable, "-m", "autograder", *command.split(), part.solution.name]
        done = subprocess.run(line, env=environment, cwd=here, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        assert words in done.stdout + done.stderr


READS = """
import os, numpy, tqdm
found = []
for folder, _, names in os.walk({place!r}):
    for name in names:
        try:
            open(os.path.join(folder, name)).close()
            found.append(name)
        except OSError:
            pass
raise RuntimeError("LOOT: %d files" % len(found))
"""


@pytest.mark.skipif(
    os.geteuid() != 0 or ctypes.util.find_library("seccomp") is None,
    reason="a container's rights are made up by root, with libseccomp",
)
@pytest.mark.parametrize("before", [(), IN_DOCKER], ids=["here", "in a container"])
@pytest.mark.exhaustive(reason="4 s each; the quick run reads the package where it lies")
def test_an_installed_staff_package_is_no_secret_to_pip_and_one_to_student_code(
    before, part, tmp_path
):
    """It lies among the packages that student code imports; none of its files can be opened."""
    venv.create(tmp_path / "venv", symlinks=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for name, data in contents.staff(ROOT).items():
        path = site / "autograder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for folder in (tmp_path, *tmp_path.parents):
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o711)  # passed through by another user, who may not list it
    text = part.stub.read_text() + READS.format(place=str(site / "autograder"))
    (tmp_path / "gan_pytorch.py").write_text(text)
    python = str(tmp_path / "venv" / "bin" / "python")
    line = [*before, python, "-m", "autograder", "grade", "gan_pytorch.py", "--part", part.name]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "results" / "result.json").read_text())
    assert "LOOT: 0 files" in " ".join(told["notes"])
    assert ("mount namespace" in told["isolation"]) is not bool(before)


def test_there_is_no_source_distribution(tmp_path):
    done = subprocess.run(
        [sys.executable, "setup.py", "sdist", "--dist-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0 and "solutions" in done.stderr
    assert list(tmp_path.iterdir()) == []


# --- what is cut ------------------------------------------------------------------------------


def test_a_part_without_public_checks_is_not_in_the_students_package():
    hidden = SUITE.replace("public=True, ", "")
    assert "def test_" in hidden and "def test_" not in contents.public_suite(hidden, "test_toy.py")
    files = contents.students()
    for part in (*PARTS, *EXTRAS):
        public = "public=True" in part.suite.read_text()
        assert (f"suites/{part.suite.name}" in files) is public


SUITE = '''
"""About the hidden answer 42."""
import numpy as np
import pytest

check = pytest.mark.check
SEEN, UNSEEN = 1, 2
train = {"probe": "train", "instead": "train_given_all"}

def helper(outputs): return SEEN
def hidden_helper(outputs): return UNSEEN

@pytest.fixture
def prepared(): return np.zeros(SEEN)

@check(points=1, public=True, **train)
def test_seen(outputs, prepared):
    """Seen."""  # 42
    helper(outputs)

@check(points=1, probe="other")
def test_unseen(outputs):
    """Unseen."""
    hidden_helper(outputs)
'''
PROBES = """
import numpy as np
import torch
RIGHT = 42
def given(x): return RIGHT
def shared(): return torch.ones(1)
def probe_train(student): return shared()
def probe_train_given_all(student): return given(np.ones(1))
def probe_other(student): return shared()
"""


def test_a_public_suite_keeps_what_its_checks_need_and_nothing_else():
    text = contents.public_suite(SUITE, "test_toy.py")
    compile(text, "suite", "exec")
    for kept in ("test_seen", "def helper", "prepared", "train", "import numpy"):
        assert kept in text
    for cut in ("test_unseen", "hidden_helper", "42"):
        assert cut not in text


def test_public_probes_leave_out_those_that_hold_a_right_version():
    text = contents.public_probes(PROBES, SUITE, "test_toy.py")
    assert "probe_train(" in text and "shared" in text and "import torch" in text
    for cut in ("given", "RIGHT", "probe_other", "numpy"):
        assert cut not in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"probe": "train"', '"probe": name()', "test_seen: write probe and public as literals"),
        ('"probe": "train"', '"probe": "absent"', "there is no probe_absent"),
    ],
)
def test_a_suite_that_cannot_be_cut_is_an_error_and_not_a_leak(old, new, words):
    assert old in SUITE
    with pytest.raises(SourceError, match=words):
        contents.public_probes(PROBES, SUITE.replace(old, new), "test_toy.py")


# --- the zip ----------------------------------------------------------------------------------


def test_the_zip_is_the_same_to_the_byte_wherever_the_files_were_written(tmp_path):
    copy = tmp_path / "assignment"
    shutil.copytree(PARTS[0].stub.parent, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    for path in copy.iterdir():
        os.utime(path, (1, 1))
        path.chmod(0o600)
    one = release.pack(PARTS, PARTS[0].stub.parent)
    assert one == release.pack(PARTS, copy)
    (tmp_path / "hw.zip").write_bytes(one)
    names = [name.partition("/")[2] for name in members(tmp_path / "hw.zip")]
    assert names == sorted(names) and {"public_checks.npz", "gan_pytorch.py"} <= set(names)


def test_what_is_not_up_to_date_is_not_zipped(tmp_path):
    copy = tmp_path / "assignment"
    shutil.copytree(PARTS[0].stub.parent, copy)
    (copy / "gan_pytorch.py").write_text("# changed\n")
    with pytest.raises(SourceError, match=r"gan_pytorch\.py: differs from its source"):
        release.pack(PARTS, copy)


def test_a_zip_keeps_order_times_and_permissions(tmp_path):
    data = pack_zip({"b": b"2", "a": b"1"}, executable=["b"])
    assert data == pack_zip({"a": b"1", "b": b"2"}, executable=["b"])
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        told = [(i.filename, i.external_attr >> 16, i.date_time) for i in archive.infolist()]
    assert told == [("a", 0o100644, EARLIEST), ("b", 0o100755, EARLIEST)]


def test_release_writes_the_zip(autograder, tmp_path):
    done = autograder("release", "--zip", "hw.zip", "--output", PARTS[0].stub.parent)
    assert done.exit_code == 0 and (tmp_path / "hw.zip").stat().st_size > 10_000


# --- signatures -------------------------------------------------------------------------------


@pytest.fixture
def copied(part, tmp_path):
    """Return the part with its own copy of the stored answers."""
    shutil.copytree(part.answers.parent, tmp_path / "checks")
    return dataclasses.replace(part, root=tmp_path)


@pytest.mark.parametrize("part", (*PARTS, *EXTRAS), ids=lambda part: part.name)
def test_stored_answers_are_signed(part):
    signatures.check(part)
    names = [line.split("  ")[1] for line in part.signatures.read_text().splitlines()]
    stored = [path.name for path in (part.answers, part.fingerprints) if path.exists()]
    assert names == stored


@pytest.mark.parametrize("which", ["answers", "fingerprints"])
def test_a_changed_answer_is_refused_by_its_name_in_one_line(which, copied):
    from autograder.judging.scoring import Judge

    path = getattr(copied, which)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(AnswersError, match=f"{path.name}: is not as it was recorded") as told:
        Judge.for_staff(copied)
    assert "\n" not in str(told.value)
    with pytest.raises(AnswersError, match=path.name):
        release.public_answers(copied)


def test_answers_that_are_lost_or_unsigned_are_refused(copied):
    copied.fingerprints.unlink()
    with pytest.raises(AnswersError, match=copied.fingerprints.name):
        signatures.check(copied)
    copied.signatures.unlink()
    with pytest.raises(
        AnswersError, match=r"sha256: not found; run `autograder record gan_pytorch`"
    ):
        signatures.check(copied)


def test_a_file_that_nobody_signed_is_refused(copied):
    copied.signatures.write_text("")
    with pytest.raises(AnswersError, match=copied.answers.name):
        signatures.check(copied)


def test_signing_makes_a_change_the_recorded_one(copied):
    arrays, about = read_npz(copied.answers)
    np.savez(copied.answers, **arrays, about=np.frombuffer(b"{}", np.uint8))
    with pytest.raises(AnswersError):
        signatures.check(copied)
    signatures.sign(copied)
    signatures.check(copied)
    assert about

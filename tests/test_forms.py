"""The same work earns the same points in every form in which it is handed in."""

from __future__ import annotations

import ast
import io
import json
import tarfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbconvert import PythonExporter

from autograder.grading import grade
from autograder.handins.choosing import Facts, choose
from autograder.handins.roster import find_class
from autograder.parts import EXTRAS, PARTS, get
from autograder.platforms import hosted
from autograder.staff.variants import read_variant, variants
from tests.written import write, zipped

PART = get("gan_pytorch")
STUB = PART.stub.read_bytes()
WORK = PART.solution.read_text(encoding="utf-8")
SLOW = ("endless_at_the_bottom",)  # each form would wait for it
TWENTY = [p for p in variants(PART) if p.suffix == ".py" and p.stem not in SLOW][::4][:20]
NOT_PYTHON = "# note: is not Python"  # such a file cannot be cut into cells
DATA = "import json\nSLOPE = json.load(open({path!r}))['slope']\n"


def tarred(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def notebook(*cells):
    about = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return nbformat.writes(about).encode()


def cells_of(code):
    """Return a file's lines as cells: one for each function, class or other statement at its top."""
    lines = code.splitlines(keepends=True)
    ends = [node.end_lineno for node in ast.parse(code).body][:-1]
    return ["".join(lines[a:b]) for a, b in pairwise([0, *ends, len(lines)])]


def notebooks(code: str, top: Path):
    """Yield one work as a notebook, and as nbconvert and Colab export it."""
    cells = cells_of(code)
    yield write(top / "notebook", {"GANs.ipynb": notebook(*cells)}) / "GANs.ipynb"
    colab = ["from google.colab import drive\ndrive.mount('/content/drive')", "%matplotlib inline"]
    yield write(top / "colab", {"Copy of GANs.ipynb": notebook(*colab, *cells)})
    about = nbformat.reads(notebook("%matplotlib inline", *cells).decode(), as_version=4)
    exported = PythonExporter().from_notebook_node(about)[0]
    yield write(top / "nbconvert", {"GANs.py": exported.encode()}) / "GANs.py"
    head = '# -*- coding: utf-8 -*-\n"""Copy of GANs.ipynb\n\nAutomatically generated.\n"""\n\n'
    lines = "from google.colab import drive\ndrive.mount('/content/drive')\n\n"
    text = head + lines + "# Commented out IPython magic\n# %matplotlib inline\n\n" + code
    yield write(top / "colab export", {"copy_of_gans.py": text.encode()})


def forms(code: bytes, top: Path):
    """Yield one work in several forms, each beside the stub."""
    both = {"hw4 (1).py": code, "gan_pytorch.py": STUB}
    yield write(top / "folder", {"gan_pytorch.py": code})
    yield write(top / "beside", both)
    yield write(
        top / "starter", {"starter/gan_pytorch.py": STUB, "submission/gan_pytorch.py": code}
    )
    yield write(top / "zip", {"hw.zip": zipped(both)}) / "hw.zip"
    yield write(top / "zip in a folder", {"hw.zip": zipped({f"h/{n}": c for n, c in both.items()})})
    yield write(top / "twice", {"hw.zip": zipped({"hw/inner.zip": zipped(both)})})
    yield write(top / "tar", {"hw.tgz": tarred(both)}) / "hw.tgz"
    yield write(top / "single", {"any name.py": code}) / "any name.py"


def scores(path, grader):
    [graded] = grade(path, [PART], grader=grader)
    return {check.name: check.score for check in graded.result.checks}


def points_agree(path, grader, tmp_path):
    code = read_variant(path).submission(PART).files[f"gan_pytorch{path.suffix}"]
    first, *others = forms(code, tmp_path)
    alone = scores(first, grader)
    for other in others:
        assert scores(other, grader) == alone, other.name
    roster = find_class(tmp_path, PART)
    assert len(roster.entries) == 8
    known = []  # the same files with the same work are graded once
    for entry in roster.entries:
        submission = entry.load(PART)
        read = (submission.main, submission.files)
        if read not in known:
            known.append(read)
            result, _ = grader.grade(submission, PART)
            assert {check.name: check.score for check in result.checks} == alone, entry.key


@pytest.mark.exhaustive(reason="grades twenty submissions in sixteen forms each")
@pytest.mark.parametrize("path", TWENTY, ids=lambda path: path.stem)
def test_twenty_submissions_earn_the_same_points_in_every_form(path, grader, tmp_path):
    points_agree(path, grader, tmp_path)


def notebooks_agree(path, grader, tmp_path):
    code = read_variant(path).submission(PART).files[f"gan_pytorch{path.suffix}"].decode()
    alone = scores(write(tmp_path / "plain", {"gan_pytorch.py": code.encode()}), grader)
    for form in notebooks(code, tmp_path):
        assert scores(form, grader) == alone, form.name


@pytest.mark.exhaustive(reason="grades twenty submissions as notebooks and as exports of these")
@pytest.mark.parametrize(
    "path", [p for p in TWENTY if NOT_PYTHON not in p.read_text()], ids=lambda path: path.stem
)
def test_twenty_submissions_earn_the_same_points_as_notebooks_and_exports(path, grader, tmp_path):
    notebooks_agree(path, grader, tmp_path)


def test_one_submission_earns_the_same_points_as_notebook_and_export(grader, tmp_path):
    notebooks_agree(PART.solution, grader, tmp_path)


@pytest.mark.exhaustive(reason="grades one submission in sixteen forms")
def test_one_submission_earns_the_same_points_in_every_form(grader, tmp_path):
    points_agree(PART.solution, grader, tmp_path)


def test_a_notebook_that_is_the_work_beside_the_stub_earns_as_much(grader, tmp_path):
    files = {"GANs.ipynb": notebook(WORK), "gan_pytorch.py": STUB}
    assert sum(scores(write(tmp_path, files), grader).values()) == 100


@pytest.mark.parametrize(
    "part", [p for p in (*PARTS, *EXTRAS) if not p.trains], ids=lambda p: p.name
)
def test_every_known_variant_is_chosen_before_the_stub(part):
    stub = part.stub.read_bytes() if part.stub.is_file() else b"x = 1\n"
    for path in variants(part):
        submission = read_variant(path).submission(part)
        name = f"{part.name} (1){path.suffix}"
        files = {f"{part.name}.py": stub, name: submission.files[submission.main]}
        assert choose(Facts.of(files), part).main == name, path.name


# --- what a file reads and imports ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "data", "opened"),
    [
        ("gan_pytorch.py", "net.json", "net.json"),
        ("gan_pytorch.py", "data/net.json", "data/net.json"),
        ("src/gan_pytorch.py", "data/net.json", "data/net.json"),
        ("src/gan_pytorch.py", "data/net.json", "../data/net.json"),
        ("src/gan_pytorch.py", "src/net.json", "net.json"),
        ("src/gan_pytorch.py", "src/net.json", "src/net.json"),
    ],
)
def test_code_that_reads_a_file_of_the_hand_in_earns_its_points(
    main, data, opened, grader, tmp_path
):
    code = DATA.format(path=opened) + WORK.replace("LeakyReLU(0.01)", "LeakyReLU(SLOPE)")
    assert "SLOPE)" in code
    top = write(tmp_path, {main: code, data: '{"slope": 0.01}'})
    assert sum(scores(top, grader).values()) == 100
    [graded] = grade(top, [PART], grader=grader)
    assert graded.result.notes == ()


@pytest.mark.parametrize(
    "line",
    [
        "from src.layers import Flatten",
        "from layers import Flatten",
        "from .layers import Flatten",
        "from ..lib.more import Flatten",
        "from lib.more import Flatten",
        "from more import Flatten",
        "import sys; sys.path.append('../lib'); from more import Flatten",
        "import sys; sys.path.append('/content/drive/MyDrive/hw4'); from lib.more import Flatten",
    ],
)
def test_imports_from_the_top_and_from_sibling_folders_work(line, grader, tmp_path):
    start = WORK.index("class Flatten(")
    end = WORK.index("class Unflatten(")
    layer = "import torch.nn as nn\n\n\n" + WORK[start:end]
    code = WORK.replace(WORK[start:end], line + "\n\n\n")
    files = {"src/gan_pytorch.py": code, "src/__init__.py": "", "src/layers.py": layer}
    files["lib/more.py"] = layer
    top = write(tmp_path / "folder", files)
    assert sum(scores(top, grader).values()) == 100
    packed = write(tmp_path, {"hw.zip": zipped({f"hw4/{n}": t for n, t in files.items()})})
    assert sum(scores(packed / "hw.zip", grader).values()) == 100


# --- the three ways to grade ----------------------------------------------------------------------

CLASS = {
    "ana": {"gan_pytorch (1).py": WORK, "gan_pytorch.py": STUB},
    "ben": {"hw.zip": zipped({"x/inner.zip": zipped({"hw4.py": WORK})})},
    "cleo": {"Copy of GANs.ipynb": notebook(WORK), "starter/gan_pytorch.py": STUB},
    "dan": {"dcgan.py": get("dcgan").stub.read_bytes(), "utils.py": "x = 1\n"},
}


@pytest.mark.exhaustive(reason="grades four hand-ins in three ways")
def test_a_class_and_a_host_choose_as_for_one_student(autograder, warm, tmp_path):
    for name, files in CLASS.items():
        write(tmp_path / "class" / name, files)
    done = autograder(
        "grade-class", "class", "--part", "gan_pytorch", "--output", "out", "--no-search"
    )
    assert done.exit_code == 0, done.output
    for name in CLASS:
        stored = json.loads((tmp_path / "out" / "results" / name / "result.json").read_text())
        page = (tmp_path / "out" / "results" / name / "feedback.html").read_text()
        [on_host] = hosted.grade(tmp_path / "class" / name, [PART])
        if name == "dan":
            assert stored["score"] == on_host.result.score == 0
            assert "dcgan.py holds dcgan" in page
            continue
        [one] = grade(tmp_path / "class" / name, [PART])
        assert stored["score"] == on_host.result.score == one.result.score == 100
        assert stored["notes"] == list(on_host.result.notes) == list(one.result.notes)
        for note in one.result.notes:
            assert "still to be written" in note and note in page


def test_check_grades_every_part_in_a_folder(autograder, warm, tmp_path):
    for name in ("gan_pytorch", "gaussian_gan"):
        write(tmp_path, {f"{name}.py": get(name).solution.read_bytes()})
    public = PART.stub.with_name("public_checks.npz").read_bytes()
    write(tmp_path, {"public_checks.npz": public, "gan_training.py": PART.given[0].read_bytes()})
    done = autograder("check", ".")
    assert done.exit_code == 0, done.output
    assert "All public checks pass" in done.output
    done = autograder("check", "gan_training.py")
    assert done.exit_code == 1 and "the homework gives" in done.output

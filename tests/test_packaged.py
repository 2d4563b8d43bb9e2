"""The layout of other courses: modules in a package, and the answers that their notebooks load."""

from __future__ import annotations

import ast
import importlib
import json
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import SourceError
from autograder.grading import PUBLIC_CHECKS, public_checks_of
from autograder.handins.submission import find
from autograder.parts import PARTS, ROOT
from autograder.running.start import start
from autograder.staff import gan_checks, packaged, release
from tests.oracles import gan_pytorch as oracle

KEYS = "logits_real logits_fake d_loss_true g_loss_true d_loss_lsgan_true g_loss_lsgan_true".split()
HELPER = "import torch\n\n\ndef softplus(x):\n    return torch.nn.functional.softplus(x)\n"
# As a notebook of such a course has it, in our words.
CELLS = """
import numpy as np
import torch
from cs231n.gan_pytorch import discriminator_loss, generator_loss
from cs231n.gan_pytorch import ls_discriminator_loss, ls_generator_loss, rel_error

dtype = torch.FloatTensor
answers = dict(np.load("gan-checks.npz"))

def error(loss, true, *scores):
    got = loss(*(torch.Tensor(one).type(dtype) for one in scores)).cpu().numpy()
    return rel_error(true, got)

real, fake = answers["logits_real"], answers["logits_fake"]
errors = [
    error(discriminator_loss, answers["d_loss_true"], real, fake),
    error(generator_loss, answers["g_loss_true"], fake),
    error(ls_discriminator_loss, answers["d_loss_lsgan_true"], real, fake),
    error(ls_generator_loss, answers["g_loss_lsgan_true"], fake),
]
"""


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cs231n", "daseCV", "course.hw3", "_gans"])
def test_a_name_that_python_can_import_is_taken(name):
    packaged.check_name(name, PARTS)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *(
            (name, "no name of a Python package")
            for name in ("1a", "a..b", "a-b", "../x", "ä", ".")
        ),
        ("a.class", "a word of Python's"),
        *((name, "would hide") for name in ("torch", "json", "gan_training.x", "autograder")),
    ],
)
def test_another_name_is_refused(name, why, tmp_path):
    with pytest.raises(SourceError, match=why):
        release.release(PARTS[:1], tmp_path, package=name)
    assert not list(tmp_path.iterdir())


# --- what is released ---------------------------------------------------------------------------


def sources(package):
    """Return the solutions' modules and notebooks as a package has them."""
    paths = [path for part in PARTS for path in (part.solution, *part.given)]
    made = packaged.files({path.name: path.read_bytes() for path in paths}, package)
    for part in PARTS:
        for language in ("", "zh"):
            path = part.notebook(language)
            modules = [path.name for path in paths]
            made[path.name] = packaged.notebook(path.read_bytes(), modules, package)
    return made


def code(name, data):
    if name.endswith(".py"):
        return data.decode()
    cells = [c for c in json.loads(data)["cells"] if c["cell_type"] == "code"]
    return re.sub(r"^[%!].*", "", "\n".join("".join(c["source"]) for c in cells), flags=re.M)


@pytest.mark.parametrize("package", ["cs231n", "course.hw3"])
def test_every_import_and_every_check_finds_the_package(package):
    made = sources(package)
    folder = package.replace(".", "/")
    modules = {part.name for part in PARTS} | {m for part in PARTS for m in part.modules}
    imported = set()
    for name, data in made.items():
        for node in ast.walk(ast.parse(code(name, data))):
            if isinstance(node, ast.Import):
                assert not modules & {alias.name for alias in node.names}, name
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in modules, name
                imported |= {a.name for a in node.names} if node.module == package else set()
            elif isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called in ("check", "grade_cell") and name.endswith(".ipynb"):
                    last = [*node.args, *(k.value for k in node.keywords)][-1]
                    assert ast.literal_eval(last) == f"{folder}/{name.split('.')[0]}.py", name
        bare = re.findall(rf"(?<![\w./])(?:{'|'.join(modules)})\.py\b", data.decode(), re.ASCII)
        assert not bare, name
    assert imported == modules
    assert {f"{folder}/{module}.py" for module in modules} <= made.keys()
    assert f"{folder}/__init__.py" in made and f"{package.split('.')[0]}/__init__.py" in made


def test_calls_and_imports_are_changed_in_every_form():
    text = (
        "import gan_pytorch as g; import os\n    import gan_training  # ours\n"
        'from gan_pytorch import a\nimport gan_pytorch_2\ndone(\n    "a",\n    "b",\n)\n'
        'check("a", "gan_pytorch.py")\ncheck("...")\nx = "my_gan_pytorch.py"\n'
    )
    assert packaged._code(text, ["gan_pytorch", "gan_training"], "p.q") == (
        "from p.q import gan_pytorch as g; import os\n    from p.q import gan_training  # ours\n"
        "from p.q.gan_pytorch import a\nimport gan_pytorch_2\n"
        'done("a",\n    "b", file="p/q/gan_pytorch.py")\n'
        'check("a", "p/q/gan_pytorch.py")\ncheck("...")\nx = "my_gan_pytorch.py"\n'
    )


def test_the_command_writes_what_it_then_finds_up_to_date(autograder, tmp_path, monkeypatch):
    monkeypatch.setattr(release, "student_notebooks", lambda made: made)  # nbgrader takes seconds
    wanted = ("release", "gan_pytorch", "--package", "cs231n", "--output", "handout")
    assert autograder(*wanted).exit_code == 0
    handout = tmp_path / "handout"
    assert autograder(*wanted, "--verify").exit_code == 0
    assert autograder(*wanted, "--zip", "homework.zip").exit_code == 0
    packed = set(zipfile.ZipFile("homework.zip").namelist())
    there = {p.relative_to(tmp_path).as_posix() for p in handout.rglob("*") if p.is_file()}
    assert packed == there
    readme = (handout / "README.md").read_text()
    named = set(re.findall(r"[\w./]+\.(?:py|ipynb|npz)\b", readme))
    given = {name.removeprefix("handout/") for name in there}
    assert named == given - {"README.md", "README.zh.md", "cs231n/__init__.py"}
    assert "`python -m zipfile -c hand-in.zip cs231n gan_pytorch.ipynb`" in readme
    (handout / "cs231n" / "gan_training.py").write_text("")
    assert autograder(*wanted, "--verify").exit_code == 1
    done = autograder("release", "--package", "cs231n", "--nbgrader", "course")
    assert done.exit_code == 2 and "in no package" in done.output


# --- handed in ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, solution_text):
    """Return a student's folder, in which the file imports a module of the package."""
    inner = tmp_path / "work" / "cs231n"
    inner.mkdir(parents=True)
    text = solution_text.replace(
        "import torch\n", "import torch\nfrom cs231n.layers import softplus\n", 1
    )
    (inner / "gan_pytorch.py").write_text(text.replace("F.softplus(input)", "softplus(input)"))
    (inner / "layers.py").write_text(HELPER)
    (inner / "__init__.py").write_text("")
    shutil.copy(ROOT / "assignment" / "gan_training.py", inner)
    shutil.copy(ROOT / "assignment" / PUBLIC_CHECKS, inner.parent)
    notebook = packaged.notebook(PARTS[0].notebook().read_bytes(), ["gan_pytorch.py"], "cs231n")
    (inner.parent / "gan_pytorch.ipynb").write_bytes(notebook)
    return inner.parent


@pytest.mark.usefixtures("warm")
def test_a_file_in_a_package_is_checked_and_graded(autograder, folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = autograder("check", "cs231n/gan_pytorch.py")
    assert done.exit_code == 0 and "All public checks pass" in done.stdout, done.output


def test_the_released_answers_are_beside_the_outermost_package(folder, tmp_path, monkeypatch):
    inner = folder / "cs231n"
    for path in (inner / "gan_pytorch.py", inner, folder / "gan_pytorch.ipynb", folder):
        assert public_checks_of(path).resolve() == folder / PUBLIC_CHECKS
    monkeypatch.chdir(inner)
    assert public_checks_of(Path("gan_pytorch.py")) == folder / PUBLIC_CHECKS
    (inner / "__init__.py").unlink()
    assert public_checks_of(Path("gan_pytorch.py")) == Path(PUBLIC_CHECKS)
    (inner / "__init__.py").touch()
    (folder / PUBLIC_CHECKS).unlink()
    assert public_checks_of(Path("gan_pytorch.py")) == Path(PUBLIC_CHECKS)


def test_a_zip_of_the_folder_earns_all_points(folder, grader, part, tmp_path):
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-c", "../hand-in.zip", "cs231n", "gan_pytorch.ipynb"],
        cwd=folder,
        check=True,
    )
    one = find(tmp_path / "hand-in.zip", part)
    assert one.main == "cs231n/gan_pytorch.py"
    assert grader.grade(one, part)[0].score == 100


def test_only_an_import_by_its_name_keeps_a_file_in_its_package(folder, part, solution_text):
    file = folder / "cs231n" / "gan_pytorch.py"
    one = find(file, part)
    assert (one.main, set(one.files)) == (
        "cs231n/gan_pytorch.py",
        {"cs231n/gan_pytorch.py", "cs231n/layers.py"},
    )
    file.write_text(solution_text)
    assert find(file, part).main == "gan_pytorch.py"


# --- the stored answers of other courses' notebooks ---------------------------------------------


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    path = tmp_path_factory.mktemp("classic") / "gan-checks.npz"
    with start([gan_checks.PART]) as workers:
        path.write_bytes(gan_checks.gan_checks(workers))
    return path


def test_the_answers_have_the_usual_keys_and_are_the_oracles(answers):
    got = dict(np.load(answers))
    assert sorted(got) == sorted(KEYS)
    assert {array.dtype for array in got.values()} == {np.dtype(np.float64)}
    real, fake = got["logits_real"], got["logits_fake"]
    assert real.shape == fake.shape == (100,) and not np.isclose(real, fake).any()
    for key, losses in (
        ("d_loss_true", oracle.discriminator_loss(real, fake)),
        ("g_loss_true", oracle.generator_loss(fake)),
        ("d_loss_lsgan_true", oracle.ls_discriminator_loss(real, fake)),
        ("g_loss_lsgan_true", oracle.ls_generator_loss(fake)),
    ):
        assert got[key].shape == () and got[key] == pytest.approx(losses[0], rel=1e-12)


@pytest.mark.parametrize("slip", ["", "wrong"])
def test_the_notebooks_own_cells_run_as_they_are(answers, folder, slip, monkeypatch):
    file = folder / "cs231n" / "gan_pytorch.py"
    if slip:
        file.write_text(file.read_text().replace(".mean()", ".sum()"))
    shutil.copy(answers, folder)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    Path("cells.py").write_text(CELLS)
    try:
        importlib.invalidate_caches()
        names = runpy.run_path("cells.py")
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "cs231n"]:
            del sys.modules[name]
    assert all(error > 0.9 if slip else error < 1e-6 for error in names["errors"]), names["errors"]


def test_the_solutions_losses_take_both_shapes_of_scores(answers, gan):
    import torch

    got = {key: torch.from_numpy(array) for key, array in np.load(answers).items()}
    real, fake = got["logits_real"], got["logits_fake"]
    for shape in ((-1,), (-1, 1)):
        one, two = real.reshape(shape), fake.reshape(shape)
        torch.testing.assert_close(gan.discriminator_loss(one, two), got["d_loss_true"])
        torch.testing.assert_close(gan.generator_loss(two), got["g_loss_true"])
        torch.testing.assert_close(gan.ls_discriminator_loss(one, two), got["d_loss_lsgan_true"])
        torch.testing.assert_close(gan.ls_generator_loss(two), got["g_loss_lsgan_true"])


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--classic", "gan_pytorch"], "must end in .npz"),
        (["dcgan", "--classic"], "name no part"),
        (["--classic", "--verify"], "choose one of"),
    ],
)
def test_what_does_not_fit_together_is_refused(autograder, more, why):
    done = autograder("record", *more)
    assert done.exit_code == 2 and why in done.output


@pytest.mark.exhaustive(reason="4 s: workers of its own")
def test_the_command_writes_the_same_file_each_time(autograder, answers, tmp_path):
    for arguments, name in ((["--classic"], "gan-checks.npz"), (["--classic", "x.npz"], "x.npz")):
        assert autograder("record", *arguments).exit_code == 0
        assert (tmp_path / name).read_bytes() == answers.read_bytes()

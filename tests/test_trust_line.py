"""What no import contract can say of who reaches whom; `.importlinter` holds the rest."""

from __future__ import annotations

import ast
import sys
import venv
from contextlib import contextmanager

import pytest

from autograder import parts
from autograder.handins.submission import Submission
from autograder.parts import PACKAGE
from autograder.running.forked import ForkedWorkers
from autograder.running.fresh import FreshWorkers
from autograder.running.runner import run

PART = parts.get("gan_pytorch")

MODULES = sorted(PACKAGE.rglob("*.py"))
WORKER = sorted((PACKAGE / "worker").rglob("*.py"))
LATE = {"torch", "numpy"}  # imported inside functions: the zygote chooses when


def imported(tree: ast.AST) -> set[str]:
    """Return the modules that a file imports, wherever the import stands."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import"
            names.add(str(node.module))
    return names


@pytest.mark.parametrize("path", WORKER, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_runs_beside_student_code_needs_nothing_but_python_and_itself(path):
    for name in imported(ast.parse(path.read_text())):
        package = name.partition(".")[0]
        assert name.startswith("autograder.worker") or package in sys.stdlib_module_names | LATE


def test_torch_is_never_imported_while_a_worker_starts():
    """Behind the walls it is; before, its files would be read, and threads started, outside of them."""
    for path in WORKER:
        top = ast.Module(ast.parse(path.read_text()).body, [])
        for node in top.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not imported(ast.Module([node], [])) & LATE, path


def test_nothing_is_unpickled():
    for path in MODULES:
        text = path.read_text()
        assert "import pickle" not in text and "allow_pickle=True" not in text, path


# --- what student code finds of us --------------------------------------------------------------

ASKS = """
import importlib, os, sys

OURS = "autograder"
found = [f"loaded: {name}" for name in sys.modules if name.startswith(OURS)]
found += [f"on the path: {path}" for path in sys.path if os.path.isdir(os.path.join(path, OURS))]
names = "autograder autograder.worker autograder.worker.run autograder.errors autograder.probing"
for name in [*names.split(), "autograder.probes.gan_pytorch", "autograder.mistakes.gan_pytorch"]:
    try:
        importlib.import_module(name)
        found.append(f"imported: {name}")
    except ImportError:
        pass
found += [f"loaded since: {name}" for name in sys.modules if name.startswith(OURS)]

def sample_noise(batch_size, dim, seed=None):
    raise RuntimeError("; ".join(found) or "nothing of ours")
"""


@pytest.fixture
def workers_of(grader, monkeypatch, tmp_path):
    """Return workers of a kind: behind all walls, or those of a Python that has no package of ours."""

    @contextmanager
    def of(kind, isolation):
        if isolation == "auto" and kind is ForkedWorkers:
            yield grader.workers
            return
        venv.create(
            tmp_path / "venv", symlinks=True
        )  # an installed package is everybody's to import
        monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "bin" / "python"))
        with kind([PART], isolation) as workers:
            yield workers

    return of


@pytest.mark.parametrize(
    ("kind", "isolation"),
    [(ForkedWorkers, "auto"), (ForkedWorkers, "none"), (FreshWorkers, "auto")],
    ids=["all walls", "no walls", "a fresh process"],
)
def test_student_code_imports_nothing_of_ours_and_finds_nothing_loaded(workers_of, kind, isolation):
    submission = Submission("asks", "gan_pytorch.py", {"gan_pytorch.py": ASKS.encode()})
    with workers_of(kind, isolation) as workers:
        told = run(workers, submission, PART, ["sample_noise"]).statuses["sample_noise"]
    assert "RuntimeError: nothing of ours" in told.message, told.message


def test_a_file_that_begins_with_our_name_is_graded_without_it(grade_text, solution_text):
    result = grade_text("import autograder\n" + solution_text)
    assert any("No module named 'autograder'" in note for note in result.notes)
    assert result.score == 100  # what it defines was graded

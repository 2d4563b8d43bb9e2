"""What no import contract can say about the package's own code; `.importlinter` holds the rest."""

from __future__ import annotations

import ast
import sys

import pytest

from autograder.parts import PACKAGE

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

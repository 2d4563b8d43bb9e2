"""Imports run downward only, and nothing of ours is imported on the far side of the trust line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.parts import PACKAGE

LAYERS = (  # from top to bottom; a module may import what stands below its own line
    ("cli", "__main__"),
    ("bundle",),
    ("accuracy", "batch", "record", "release", "rescoring", "hosted"),
    ("nbgrader_cells", "notebook"),
    ("reports",),
    ("executors", "classes", "nbgrader_course"),
    ("grading", "similarity"),
    ("spawning",),
    ("submissions", "runner", "scoring"),
    ("sandbox", "plugin", "diagnosis", "stubs", "contents", "signatures"),
    ("compare", "outputs", "results", "parts", "archives", "written"),
    ("errors",),
)
IN_THE_WORKER = (
    "worker",
    "zygote",
    "spawned",
    "sandbox",
    "loading",
    "serve_cuda",
    "postpone",
    "asking",
)


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")


def imports_of_ours(path: Path) -> set[str]:
    """Return the modules of this package that a file imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
            continue
        for name in names:
            if name.partition(".")[0] == "autograder":
                second = [*name.split("."), ""][1]
                if second and second != "__version__":
                    found.add(second)
    return found


def level(name: str) -> int:
    for number, names in enumerate(LAYERS):
        if name in names:
            return number
    raise AssertionError(f"{name}: say in LAYERS where it stands")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_downward_only(path):
    place = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    ours = imports_of_ours(path)
    if place in IN_THE_WORKER:
        assert ours == set()
    elif place == "probes":
        assert ours == {"asking"}
    elif place == "suites":
        assert ours == {"compare"}
    elif place == "mistakes":
        assert ours == {"diagnosis"}
    else:
        for name in ours - {place, path.stem}:  # a report may know the records that it renders
            assert level(name) >= level(place), f"{path.name} imports {name}"


def test_the_engine_never_imports_probes_suites_or_mistakes():
    for path in modules():
        assert not imports_of_ours(path) & {"probes", "suites", "mistakes", "worker", "zygote"}


def test_torch_is_imported_in_the_worker_only():
    for path in modules():
        place = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if place in (*IN_THE_WORKER, "probes"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not [n for n in names if n.partition(".")[0] in ("torch", "torchvision")], path


def test_nothing_is_unpickled():
    for path in modules():
        text = path.read_text()
        assert "import pickle" not in text and "allow_pickle=True" not in text, path

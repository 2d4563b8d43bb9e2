"""A course's own homework: parts in a folder outside of this package, which has its own repository.

The folder has `solutions`, `probes`, `suites`, `mistakes` and `variants` as this project has them, and
no table: every file in `probes` is a part. Which homework is in use is said by a variable, so that
processes which are started from here have the same one. It is never searched for, since suites and
mistakes run with the caller's rights, and the current folder may hold what students handed in.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from autograder.errors import SourceError
from autograder.files import parse

VARIABLE = "AUTOGRADER_HOMEWORK"  # a folder, or the name of an installed homework
GROUP = "gan_homework.parts"  # of entry points: a name, and the package that is the folder
USUAL = ("torch", "numpy")


@dataclass(frozen=True, slots=True)
class Described:
    """What a homework's files say about one of its parts.

    Attributes:
        name: the file's name without suffix.
        title: the first line of its docstring.
        imports: the packages that it imports.
        modules: files beside the solution that it imports; students get them unchanged.
    """

    name: str
    title: str
    imports: tuple[str, ...]
    modules: tuple[str, ...]


def in_use() -> Path | None:
    """Return the folder of the homework in use; None for this package's own."""
    named = os.environ.get(VARIABLE, "")
    return located(named) if named else None


def located(named: str) -> Path:
    """Return the folder of a homework; raise SourceError if it is neither there nor installed."""
    if os.path.isdir(named):
        return Path(named).resolve()
    for point in metadata.entry_points(group=GROUP, name=named):
        found = importlib.util.find_spec(point.value)
        for place in (found and found.submodule_search_locations) or ():
            return Path(place).resolve()
    raise SourceError(f"{named}: there is no such folder, and no installed homework of that name")


def parts_in(folder: Path) -> tuple[Described, ...]:
    """Return the parts of a homework by name; raise SourceError if it has none."""
    names = sorted(path.stem for path in (folder / "probes").glob("[!_]*.py"))
    if not names:
        raise SourceError(f"{folder}: holds no homework: there is no part in its folder probes/")
    return tuple(_described(folder, name) for name in names)


def _described(folder: Path, name: str) -> Described:
    """Read the solution, or in a student's copy the student's file."""
    for path in (folder / "solutions" / f"{name}.py", folder / f"{name}.py"):
        if path.is_file():
            return _read(path, path.stat().st_mtime_ns)
    return Described(name, name, USUAL, ())


@functools.lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Described:
    """Describe one file; `changed`, its time, keeps the cache up to date."""
    try:
        tree = parse(path.read_bytes())
    except (SyntaxError, ValueError):  # a student's, who has to see that when it is graded
        return Described(path.stem, path.stem, USUAL, ())
    title = (ast.get_docstring(tree) or path.stem).splitlines()[0].rstrip(".")
    found: dict[str, None] = dict.fromkeys(USUAL)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(dict.fromkeys(alias.name.partition(".")[0] for alias in node.names))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found[node.module.partition(".")[0]] = None
    probes = path.parent.parent / "probes"
    modules = [
        one
        for one in found
        if (path.parent / f"{one}.py").is_file() and not (probes / f"{one}.py").exists()
    ]
    imports = [one for one in found if one not in {*modules, *sys.stdlib_module_names}]
    return Described(path.stem, title, tuple(imports), tuple(modules))

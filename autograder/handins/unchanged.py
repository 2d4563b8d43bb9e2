"""Find the functions of a submission that are still as handed out, and so cannot compute anything."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder.files import parse
from autograder.handins.submission import Submission
from autograder.parts import Part

LONGEST = 300_000  # bytes; longer files are not checked, and the longest real one has 40 kB
TODO = "NotImplementedError"  # what a gap in the stub raises
# With one of these, a name can get another value without an assignment.
INDIRECT = frozenset(("exec", "eval", "globals", "locals", "vars", "setattr", "__import__"))


def still_stubs(submission: Submission, part: Part) -> frozenset[str]:
    """Return the functions that are still the stub's gaps, which raise NotImplementedError.

    A function that could be defined elsewhere (twice, by an assignment, an import or another module) is
    left out.
    """
    source = submission.files.get(submission.main, b"")
    readable = submission.main.endswith(".py") and len(source) <= LONGEST
    if not readable or TODO.encode() not in source or not part.stub.is_file():
        return frozenset()
    stem = PurePosixPath(submission.main).stem.encode()
    if any(stem in text for name, text in submission.files.items() if name != submission.main):
        return frozenset()  # another module may replace what this one defines
    gaps = _gaps(part.stub, part.stub.stat().st_mtime_ns)
    try:
        tree = parse(source)
        names = list(_bound(tree))
        if INDIRECT & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}:
            return frozenset()
        shapes = {
            node.name: _shape(node) for node in tree.body if isinstance(node, ast.FunctionDef)
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    if "*" in names:
        return frozenset()
    same = {name for name, shape in shapes.items() if gaps.get(name) == shape}
    return frozenset(name for name in same if names.count(name) == 1)


@functools.lru_cache(maxsize=16)
def _gaps(path: Path, changed: int) -> dict[str, str]:
    """Return the stub's functions that are gaps; `changed`, its time, keeps the cache up to date."""
    functions = [n for n in parse(path.read_bytes()).body if isinstance(n, ast.FunctionDef)]
    return {node.name: _shape(node) for node in functions if TODO in ast.dump(node)}


def _shape(function: ast.FunctionDef) -> str:
    """Return a function's syntax without its docstring, to compare it."""
    first, *rest = function.body
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = [ast.dump(node) for node in (rest if is_text else function.body)]
    return "\n".join([ast.dump(function.args), *body])


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield every name that a file gives a value to, at any place; "*" for a star import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names

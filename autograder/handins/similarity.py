"""Find submissions that resemble each other: a hint for a person, never a verdict.

Functions are compared by the shape of their syntax tree, so the names of variables and the layout make
no difference. A shape that many submissions share, or that the stub already has, says nothing.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.files import parse
from autograder.handins.submission import Submission

LONGEST = (
    100_000  # characters that are parsed, in a second at most; the longest real one has 40 000
)
MAX_NOTEBOOK = 30 * LONGEST  # with its pictures
SMALLEST = 25  # nodes; smaller functions look alike by chance
RARE = 3  # submissions that may share a shape before it counts as common
ENOUGH = 2  # rare shapes that two submissions share


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions, and the functions that are alike in them and in few others."""

    one: str
    other: str
    functions: tuple[str, ...]


def shapes(submission: Submission) -> dict[str, str]:
    """Return a hash for each function that is not tiny; nothing if the file is not Python."""
    text = submission.files[submission.main].decode("utf-8", errors="replace")
    if len(text) > MAX_NOTEBOOK:
        return {}
    try:
        sources = _cells(text) if submission.main.endswith(".ipynb") else [text]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    if sum(map(len, sources)) > LONGEST:
        return {}
    hashes: dict[str, str] = {}
    for source in sources:
        try:
            statements = parse(source).body
            for statement in statements:
                if isinstance(statement, ast.FunctionDef) and (digest := _shape(statement)):
                    hashes[statement.name] = digest
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return hashes


def pairs(
    classwide: Mapping[str, Mapping[str, str]], given: Mapping[str, str], limit: int = 50
) -> list[Pair]:
    """Return the pairs that share several functions of a rare shape, the most alike first.

    Arguments:
        classwide: what `shapes` returned, by student.
        given: the shapes of what every student was given.
        limit: how many pairs are returned at most.
    """
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, functions in classwide.items():
        for name, digest in functions.items():
            if given.get(name) != digest:
                holders[name, digest].append(student)
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (name, _), students in holders.items():
        if 2 <= len(students) <= RARE:
            for pair in combinations(sorted(students), 2):
                shared[pair].append(name)
    alike = [Pair(*pair, tuple(sorted(n))) for pair, n in shared.items() if len(n) >= ENOUGH]
    return sorted(alike, key=lambda p: (-len(p.functions), p.one, p.other))[:limit]


def _cells(text: str) -> Sequence[str]:
    """Return the code of each cell of a notebook."""
    cells = json.loads(text)["cells"]
    return ["".join(c["source"]) for c in cells if c.get("cell_type") == "code"]


def _shape(function: ast.FunctionDef) -> str:
    """Hash a function's tree with its own names numbered and its docstring left out.

    Returns an empty string if the function is too small to compare.
    """
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        function.body = function.body[1:] or [ast.Pass()]
    function.decorator_list, function.returns = [], None
    numbers: dict[str, str] = {}
    count = 0
    for node in ast.walk(function):
        count += 1
        if isinstance(node, ast.arg):
            node.annotation = None
            node.arg = numbers.setdefault(node.arg, f"v{len(numbers)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            numbers.setdefault(node.id, f"v{len(numbers)}")
    if count < SMALLEST:
        return ""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            node.id = numbers.get(node.id, node.id)
    return hashlib.sha256(ast.dump(function, annotate_fields=False).encode()).hexdigest()[:16]

"""What is compared of a submission: fragments of its functions that survive a change of clothes.

A function becomes a row of tokens: its syntax tree from the top, with own names alike, modules' names,
annotations and docstrings left out, and without what computes nothing (`pass`, `print`, unused values,
`if True`). Every run of GRAM tokens has a hash; of WINDOW neighbouring hashes the smallest is kept
(winnowing: Schleimer, Wilkerson and Aiken, 2003), so that two rows with a long run in common keep a
common hash wherever that run stands.
"""

from __future__ import annotations

import ast
import json
import zlib
from collections.abc import Collection, Iterator, Sequence

from autograder.files import parse
from autograder.handins.definitions import DEFINITIONS, Definition, with_helpers
from autograder.handins.submission import Submission

LONGEST = (
    100_000  # characters that are parsed, in a second at most; the longest real one has 40 000
)
MAX_NOTEBOOK = 30 * LONGEST  # with its pictures
SMALLEST = 8  # tokens; smaller functions are alike by chance
GRAM, WINDOW = 8, 4
MOST = 400  # fragments of a function that are kept: the smallest, so that two files keep the same

Fragments = dict[str, list[int]]


def fragments(submission: Submission, functions: Collection[str]) -> Fragments:
    """Return the hashes of each of the part's functions; nothing if the file is not Python.

    What a function calls of the file's other functions counts as its own, so that it makes no
    difference into how many it is divided.
    """
    rows = _rows(submission, frozenset(functions))
    return {name: sorted(_winnowed(row))[:MOST] for name, row in rows.items()}


def every_fragment(submission: Submission, functions: Collection[str]) -> set[int]:
    """Return all hashes of a file, none left out: of what every student was given."""
    rows = _rows(submission, frozenset(functions), smallest=0)
    return {one for row in rows.values() for one in _hashes(row)}


def _rows(
    submission: Submission, functions: frozenset[str], smallest: int = SMALLEST
) -> dict[str, list[str]]:
    """Return the tokens of each function, if there are enough of them."""
    defined: dict[str, Definition] = {}
    for source in _sources(submission):
        try:
            for node in ast.walk(parse(source)):
                if isinstance(node, DEFINITIONS):
                    defined[node.name] = node
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    rows = {}
    for name in sorted(functions & defined.keys()):
        try:
            row = [t for node in with_helpers(name, defined, functions) for t in _tokens(node)]
        except RecursionError:
            continue
        if len(row) >= smallest:
            rows[name] = row
    return rows


def _sources(submission: Submission) -> Sequence[str]:
    """Return the file's text, or that of each of a notebook's cells; nothing if it is too long."""
    text = submission.files[submission.main].decode("utf-8", errors="replace")
    if len(text) > MAX_NOTEBOOK:
        return []
    sources = [text]
    if submission.main.endswith(".ipynb"):
        try:
            cells = json.loads(text)["cells"]
            sources = ["".join(c["source"]) for c in cells if c.get("cell_type") == "code"]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return []
    return sources if sum(map(len, sources)) <= LONGEST else []


def _tokens(definition: Definition) -> list[str]:
    """Return a definition's tokens."""
    names = [node for node in ast.walk(definition) if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    stored |= {node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)}
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    return list(_Reader(stored, stored - read).of_body(definition.body))


class _Reader:
    """Read a function as tokens.

    Attributes:
        own: the names that the function gives; all are one token.
        unused: those of them that nothing reads.
    """

    def __init__(self, own: set[str], unused: set[str]) -> None:
        self.own = own
        self.unused = unused

    def of_body(self, body: Sequence[ast.stmt]) -> Iterator[str]:
        """Read statements, without those that compute nothing."""
        for statement in body:
            if isinstance(statement, ast.If) and isinstance(statement.test, ast.Constant):
                yield from self.of_body(
                    statement.body if statement.test.value else statement.orelse
                )
            elif not self._computes_nothing(statement):
                yield from self.of(statement)

    def _computes_nothing(self, statement: ast.stmt) -> bool:
        if isinstance(statement, (ast.Pass, ast.Assert, ast.Global, ast.Nonlocal)):
            return True
        if isinstance(statement, ast.Expr):
            value = statement.value
            printed = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
            return isinstance(value, ast.Constant) or (
                printed and value.func.id == "print"  # type: ignore[attr-defined]
            )
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            calls = any(isinstance(node, ast.Call) for node in ast.walk(statement))
            unused = all(isinstance(t, ast.Name) and t.id in self.unused for t in targets)
            return unused and not calls
        return False

    def of(self, node: ast.AST) -> Iterator[str]:
        """Read one node and what is below it."""
        if isinstance(node, ast.Name):
            yield "v" if node.id in self.own else node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
            if not (isinstance(node.value, ast.Name) and node.value.id not in self.own):
                yield from self.of(node.value)
        elif isinstance(node, ast.Constant):
            value = node.value  # Python refuses to write very long integers in decimals
            yield (hex(value) if type(value) is int else repr(value))[:20]
        elif isinstance(node, ast.keyword):
            yield node.arg or "**"
            yield from self.of(node.value)
        elif isinstance(node, ast.Call):
            yield "("
            yield from self.of(node.func)
            for one in [*node.args, *sorted(node.keywords, key=lambda k: k.arg or "")]:
                yield from self.of(one)
        elif isinstance(node, ast.AnnAssign):
            yield "Assign"
            yield from self.of(node.target)
            if node.value is not None:
                yield from self.of(node.value)
        elif isinstance(node, (ast.expr_context, ast.arguments)):
            return
        else:
            yield type(node).__name__
            for _, value in ast.iter_fields(node):
                yield from self._of_field(value)

    def _of_field(self, value: object) -> Iterator[str]:
        if isinstance(value, ast.AST):
            yield from self.of(value)
        elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from self.of_body(value)
        elif isinstance(value, list):
            for one in value:
                yield from self._of_field(one)


def _hashes(row: Sequence[str]) -> list[int]:
    """Return the hash of every run of GRAM tokens."""
    runs = range(max(len(row) - GRAM + 1, 0))
    return [zlib.crc32("\0".join(row[i : i + GRAM]).encode("utf-8", "replace")) for i in runs]


def _winnowed(row: Sequence[str]) -> set[int]:
    """Return the smallest hash of every WINDOW neighbours."""
    hashes = _hashes(row)
    return {min(hashes[i : i + WINDOW]) for i in range(max(len(hashes) - WINDOW + 1, 1))}

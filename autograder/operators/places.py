"""Places in a function: what a text like `second nn.ReLU(...)` names.

A place is Python, an expression, a keyword like `lr=1e-3`, or statements that follow each other. `...`
stands for anything, in brackets for any arguments, as a body for any statements. In front may stand
`first` to `sixth`, `last` or `every`; without such a word there must be one place only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.errors import SourceError
from autograder.files import parse
from autograder.operators.trees import NUMBERED, walk

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
WHICH = re.compile(rf"({'|'.join(ORDINALS)}|last|every) (?!=)(.*)", re.DOTALL)
KEYWORD = re.compile(r"[A-Za-z_]\w*=[^=\s]")
Spot = list[ast.AST]  # one node, statements in a row, or the arguments of a call


@dataclass(frozen=True, slots=True)
class Found:
    """A spot in a tree, and what each `...` of its place stands for there."""

    spot: Spot
    captured: Sequence[Spot] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A parsed place: which ones, of all that look like the pattern."""

    text: str
    which: str
    pattern: Spot


def place(text: str) -> Place:
    """Parse a place; raise SourceError if its text is not Python."""
    match = WHICH.match(text)
    which, code = match.groups() if match else ("", text)
    try:
        if KEYWORD.match(code):
            call = parse(f"_({code})").body[0].value  # type: ignore[attr-defined]
            return Place(text, which, [call.keywords[0]])
        body = parse(code).body
    except SyntaxError as problem:
        raise SourceError(f"the place {text!r} is not Python: {problem.msg}") from problem
    if len(body) == 1 and isinstance(body[0], ast.Expr):
        return Place(text, which, [body[0].value])
    return Place(text, which, list(body))


def find(wanted: Place, tree: ast.AST) -> list[Found]:
    """Return the spots that a place names; raise SourceError if there are none, or unclearly many."""
    found = list(_matches(wanted.pattern, tree))
    if wanted.which in ORDINALS:
        found = found[ORDINALS.index(wanted.which) :][:1]
    elif wanted.which == "last":
        found = found[-1:]
    elif wanted.which != "every" and len(found) > 1:
        raise SourceError(f"the place {wanted.text!r} is there {len(found)} times; say which")
    if not found:
        raise SourceError(f"the place {wanted.text!r} is not there")
    return found


def _matches(pattern: Spot, tree: ast.AST) -> Iterator[Found]:
    if len(pattern) == 1 and not isinstance(pattern[0], ast.stmt):
        for node in walk(tree):
            captured: list[Spot] = []
            if same(pattern[0], node, captured):
                yield Found([node], captured)
        return
    for node in (tree, *walk(tree)):
        for statements in bodies(node):
            for start in range(len(statements) - len(pattern) + 1):
                row: Spot = list(statements[start : start + len(pattern)])
                captured = []
                if same(pattern, row, captured):
                    yield Found(row, captured)


def bodies(node: ast.AST) -> Iterator[Sequence[ast.stmt]]:
    """Yield the lists of statements that a node has."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def same(pattern: object, node: object, captured: list[Spot]) -> bool:
    """Return whether a node looks like a pattern; add to `captured` what each `...` stands for."""
    if is_anything(pattern) and isinstance(node, ast.expr):
        captured.append([node])
        return True
    if isinstance(pattern, list) and isinstance(node, list):
        if len(pattern) == 1 and _is_body(pattern[0]):
            return True
        pairs = zip(pattern, node, strict=False)
        return len(pattern) == len(node) and all(same(p, n, captured) for p, n in pairs)
    if isinstance(pattern, ast.expr_context) or not isinstance(pattern, ast.AST):
        return isinstance(pattern, ast.AST) or (type(pattern) is type(node) and pattern == node)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, ast.Call) and isinstance(node, ast.Call) and _any_arguments(pattern):
        matches = same(pattern.func, node.func, captured)
        captured.append([*node.args, *node.keywords])
        return matches
    fields = dict(ast.iter_fields(pattern))
    if fields.get("orelse") == [] and _is_body(*fields["body"][:1]):
        del fields["orelse"]  # `if x: ...` is the whole statement, whatever comes after `else`
    return all(same(value, getattr(node, name), captured) for name, value in fields.items())


def is_anything(pattern: object) -> bool:
    """Return whether a node is `...`."""
    return isinstance(pattern, ast.Constant) and pattern.value is ...


def _any_arguments(call: ast.Call) -> bool:
    return [*map(is_anything, call.args)] == [True] and not call.keywords


def _is_body(pattern: object) -> bool:
    return isinstance(pattern, ast.Expr) and is_anything(pattern.value)


@dataclass(frozen=True, slots=True)
class Above:
    """What holds a node: its parent, the field's name, and whether the field is a list."""

    parent: ast.AST
    field: str
    in_list: bool


def parents(tree: ast.AST) -> dict[ast.AST, Above]:
    """Return what holds each node that can be a place."""
    found: dict[ast.AST, Above] = {}
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, NUMBERED):
                    found[child] = Above(parent, name, isinstance(value, list))
    return found

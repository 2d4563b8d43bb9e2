"""Read a function as a syntax tree whose nodes keep a number, so that edits find them again.

Numbers go through the tree in the order of the source. A copy and an edited copy keep the numbers of
what was there before; what an edit adds has none.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from autograder.files import parse

Function = ast.FunctionDef | ast.ClassDef
NUMBERED = (ast.stmt, ast.expr, ast.keyword)
NUMBER = "_number"


def read(source: str) -> ast.Module:
    """Parse a source and number its nodes; raise SyntaxError if it is not Python."""
    tree = parse(source)
    for number, node in enumerate(walk(tree)):
        setattr(node, NUMBER, number)
    return tree


def write(tree: ast.Module) -> str:
    """Return a tree's source, without comments."""
    return ast.unparse(ast.fix_missing_locations(tree))


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below one that can be a place, in the order of the source."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, NUMBERED):
            yield child
        yield from walk(child)


def number_of(node: ast.AST) -> int | None:
    """Return a node's number; None for what an edit added."""
    number: int | None = getattr(node, NUMBER, None)
    return number


def fresh(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """Return copies of nodes, so that no two trees share one."""
    return [copy.deepcopy(node) for node in nodes]


def function(tree: ast.Module, name: str) -> Function | None:
    """Return the function or class of that name at the top of a module; None if there is none."""
    found = (n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    return next((node for node in found if node.name == name), None)

"""A function as the search sees it: its nodes between the markers, and words for where they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from autograder.operators.changes import filled, number
from autograder.operators.edits import Change, Edit
from autograder.operators.places import ORDINALS, Above, parents
from autograder.operators.trees import read, walk

Node = TypeVar("Node", bound=ast.AST)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True, slots=True)
class View:
    """A function's tree, and what families of edits ask about it.

    Attributes:
        nodes: those that a student writes, in the order of the source.
        held: what holds each node.
        given: the source that the student has: the docstring, the arguments, what is not cut.
    """

    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    held: Mapping[ast.AST, Above]
    given: str

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Yield the calls, with the last part of what is called: `ReLU` of `nn.ReLU()`."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and (name := last_name(node.func)):
                yield node, name

    def swap(self, node: ast.AST, new: str, sentence: str) -> Edit:
        """Return the edit that puts a text in place of a node; `_` in it is the node."""
        return self.edit({node: filled(new, self.held[node])}, f"swap {new}", sentence)

    def swap_all(self, nodes: Iterable[ast.AST], new: str, sentence: str) -> Edit:
        """Return the edit that puts the same text in place of several nodes."""
        changes = {node: filled(new, self.held[node]) for node in nodes}
        return self.edit(changes, f"swap {new}", sentence)

    def edit(self, changes: Mapping[Node, Change], what: str, sentence: str) -> Edit:
        """Return the edit that makes changes at nodes."""
        numbered = {number(node): change for node, change in changes.items()}
        where = ",".join(map(str, numbered))
        return Edit(f"{where} {what}", sentence, numbered)

    def which(self, node: ast.AST, name: str, among: Iterable[ast.AST]) -> str:
        """Return words for one of several like it: "the second LeakyReLU", "the Tanh"."""
        others = list(among)
        if len(others) < 2:
            return f"the {name}"
        place = next(i for i, other in enumerate(others) if other is node)
        if place == len(others) - 1 and place > 1:
            return f"the last {name}"
        return f"the {ORDINALS[place] if place < len(ORDINALS) else f'{place + 1}th'} {name}"

    def asked(self, text: str) -> bool:
        """Return whether the description, which the student has, names something."""
        return text in self.given

    def name(self, node: ast.AST) -> str:
        """Return the name of a variable in quotes, if the student knows it; else "a value"."""
        name = node.id if isinstance(node, ast.Name) else ""
        known = name and re.search(rf"\b{re.escape(name)}\b", self.given)
        return f"`{name}`" if known else "a value"


def view(source: str) -> View:
    """Read the source of one function or class; raise SyntaxError if it is not Python.

    With markers in it, only what stands between them can change.
    """
    tree = read(source)
    regions = list(_regions(source)) or [(0, source.count("\n") + 2)]
    (function,) = tree.body
    nodes = (
        node
        for node in walk(function)
        if any(first < node.lineno < last for first, last in regions)  # type: ignore[attr-defined]
        and not _is_text_of_its_own(node)
    )
    given = re.sub(rf"{BEGIN}.*?{END}", "", source, flags=re.DOTALL) if BEGIN in source else ""
    if not given and isinstance(function, ast.FunctionDef):
        given = f"{ast.get_docstring(function) or ''} {ast.unparse(function.args)}"
    return View(tree, tuple(nodes), parents(tree), given)


def _regions(source: str) -> Iterator[tuple[int, int]]:
    first = 0
    for line, text in enumerate(source.splitlines(), 1):
        if BEGIN in text:
            first = line
        if END in text and first:
            yield first, line
            first = 0


def _is_text_of_its_own(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Expr) else node
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def last_name(func: ast.AST) -> str:
    """Return the last part of a dotted name; "" for anything else."""
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def number_in(node: ast.AST) -> float | None:
    """Return the number that a node is; None for anything else, True and False included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number_in(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]
    return None

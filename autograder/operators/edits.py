"""An edit: one change of a function, with the sentence that tells a student of it.

An edit knows nodes by their numbers. So it applies to any tree that still has them, also to one that
another edit has changed before: `compose` makes two edits one.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.operators.trees import NUMBERED, number_of, read, write

Change = Callable[[ast.AST], Sequence[ast.AST]]  # what was there, with its edits -> what is there


class ClashError(Exception):
    """An edit finds no place: another one has taken it away."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a function.

    Attributes:
        id: operator, place and what comes there, for lists and caches; unique in a function.
        sentence: what is wrong, told to a student, with the place filled in.
        changes: by a node's number, what comes in its place.
    """

    id: str
    sentence: str
    changes: Mapping[int, Change]

    def apply(self, tree: ast.Module) -> ast.Module:
        """Return a changed copy of a tree that `trees.read` made; raise ClashError without a place."""
        changer = _Changer(self.changes)
        changed: ast.Module = changer.visit(copy.deepcopy(tree))
        if changer.left:
            raise ClashError(self.id)
        return changed

    def source(self, source: str) -> str:
        """Return the changed source of a function's source."""
        return write(self.apply(read(source)))


@dataclass(frozen=True, slots=True)
class Both:
    """Two edits of one function, applied one after the other."""

    one: Edit | Both
    other: Edit

    @property
    def id(self) -> str:
        return f"{self.one.id} + {self.other.id}"

    @property
    def sentence(self) -> str:
        return f"{self.one.sentence} {self.other.sentence}"

    def apply(self, tree: ast.Module) -> ast.Module:
        """Return a copy with both changes, in the order that works; raise ClashError if none does."""
        try:
            return self.other.apply(self.one.apply(tree))
        except ClashError:
            return self.one.apply(self.other.apply(tree))

    def source(self, source: str) -> str:
        """Return the changed source of a function's source."""
        return write(self.apply(read(source)))


class _Changer(ast.NodeTransformer):
    """Makes the changes, the inner ones first."""

    def __init__(self, changes: Mapping[int, Change]) -> None:
        self.changes = changes
        self.left = set(changes)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in list(ast.iter_fields(node)):
            if isinstance(value, list):
                new = [one for child in value for one in self._of(child)]
                if name == "body" and value and not new:
                    new = [ast.Pass()]
                setattr(node, name, new)
            elif isinstance(value, ast.AST):
                (new_one,) = self._of(value)
                setattr(node, name, new_one)
        if isinstance(node, ast.Call):
            everything = [*node.args, *node.keywords]
            node.args = [one for one in everything if isinstance(one, ast.expr)]
            node.keywords = [one for one in everything if isinstance(one, ast.keyword)]
        return node

    def _of(self, child: object) -> Sequence[ast.AST]:
        if not isinstance(child, ast.AST):
            return [child]  # type: ignore[list-item]  # a name, or None
        visited: ast.AST = self.visit(child)
        number = number_of(child) if isinstance(child, NUMBERED) else None
        if number is None or number not in self.changes:
            return [visited]
        self.left.discard(number)
        return self.changes[number](visited)

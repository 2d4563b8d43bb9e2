"""What comes in a node's place: the parts that operators are made of.

A change gets the node that was there, with the edits inside it made, and returns what is there now.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.errors import SourceError
from autograder.files import parse
from autograder.operators.edits import Change, ClashError
from autograder.operators.places import Above, Spot, is_anything
from autograder.operators.trees import fresh, number_of

HOLE = "_"
BODIES = ("body", "orelse", "finalbody")


def filled(new: str, above: Above, captured: Sequence[Spot] = ()) -> Change:
    """Return the change that puts a text's nodes at a place.

    In the text `_` is what was there, and `...` what `...` stood for in the place's own text.
    """
    nodes: list[ast.AST]
    if isinstance(above.parent, ast.Call) and above.field in ("args", "keywords"):
        nodes = arguments(new)
    elif above.in_list and above.field == "elts":
        nodes = list(expression(f"[{new}]").elts)  # type: ignore[attr-defined]
    elif above.in_list and above.field in BODIES:
        nodes = list(parsed(new))
    else:
        nodes = [expression(new)]
    return lambda old: [_Filler(old, captured).visit(node) for node in fresh(nodes)]


class _Filler(ast.NodeTransformer):
    """Puts what was there in place of `_` and of `...`."""

    def __init__(self, old: ast.AST, captured: Sequence[Spot]) -> None:
        self.old = old
        self.captured = list(captured)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id != HOLE or isinstance(node.ctx, ast.Store):
            return node
        return fresh([self.old.value if isinstance(self.old, ast.Expr) else self.old])[0]

    def visit_Constant(self, node: ast.Constant) -> ast.AST | list[ast.AST]:
        if not is_anything(node) or not self.captured:
            return node
        given = self._next()
        return given[0] if len(given) == 1 else given

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.func = self.visit(node.func)
        if [*map(is_anything, node.args)] == [True] and self.captured:
            given = self._next()
            node.args = [one for one in given if isinstance(one, ast.expr)]
            node.keywords[:0] = [one for one in given if isinstance(one, ast.keyword)]
            return node
        node.args = [self.visit(one) for one in node.args]
        node.keywords = [self.visit(one) for one in node.keywords]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == HOLE:
            return fresh([self.old])[0]
        return self.generic_visit(node)

    def _next(self) -> Spot:
        """Return what the next `...` stood for; the last one serves all that follow."""
        return fresh(self.captured[0] if len(self.captured) == 1 else self.captured.pop(0))


def layer(formula: str) -> str:
    """Return the text of a layer that computes a formula of `x`: `layer("x.detach()")`."""
    return f'type("Layer", (nn.Module,), {{"forward": lambda self, x: {formula}}})()'


def gone(old: ast.AST) -> Sequence[ast.AST]:
    """Leave nothing there."""
    return []


def constantly(nodes: Sequence[ast.AST]) -> Change:
    """Return the change that puts copies of nodes there."""
    return lambda old: fresh(nodes)


def then(one: Change, other: Change) -> Change:
    """Return the change that makes one, and the other with what is left of the node."""

    def change(old: ast.AST) -> Sequence[ast.AST]:
        place, first = number_of(old), one(old)
        if place not in map(number_of, first):
            raise ClashError("the node is gone")
        return [new for m in first for new in (other(m) if number_of(m) == place else [m])]

    return change


def dropped(node: ast.AST, above: Above) -> tuple[ast.AST, Change]:
    """Return whose change leaves a node out, and that change; raise SourceError if nothing can."""
    if above.in_list:
        return node, gone
    if isinstance(above.parent, ast.BinOp):
        return above.parent, _other_side(above.field)
    raise SourceError("drop: it cannot be left out here")


def _other_side(side: str) -> Change:
    def left(old: ast.AST) -> Sequence[ast.AST]:
        if not isinstance(old, ast.BinOp):
            raise ClashError("the sum is gone")
        if side == "right":
            return [old.left]
        return [ast.UnaryOp(ast.USub(), old.right) if isinstance(old.op, ast.Sub) else old.right]

    return left


def unwrapped(old: ast.AST) -> Sequence[ast.AST]:
    """Leave `x` of `f(x)` and of `x.f()`; the body of a `with`."""
    if isinstance(old, ast.With):
        return old.body
    if not isinstance(old, ast.Call):
        raise ClashError("the call is gone")
    if len(old.args) == 1:
        return [old.args[0]]
    if not isinstance(old.func, ast.Attribute):
        raise SourceError("unwrap: there is nothing inside")
    return [old.func.value]


def given(new: str) -> Change:
    """Return the change that gives a call arguments; a keyword replaces its own."""

    def change(old: ast.AST) -> Sequence[ast.AST]:
        if not isinstance(old, ast.Call):
            raise ClashError("the call is gone")
        added = arguments(new)
        names = {one.arg for one in added if isinstance(one, ast.keyword)}
        old.args += [one for one in added if isinstance(one, ast.expr)]
        old.keywords = [one for one in old.keywords if one.arg not in names]
        old.keywords += [one for one in added if isinstance(one, ast.keyword)]
        return [old]

    return change


def arguments(new: str) -> list[ast.AST]:
    """Parse arguments of a call, separated by commas."""
    call = expression(f"_({new})")
    assert isinstance(call, ast.Call)
    return [*call.args, *call.keywords]


def expression(new: str) -> ast.expr:
    """Parse an expression."""
    (statement,) = parsed(f"({new}\n)")
    assert isinstance(statement, ast.Expr)
    return statement.value


def parsed(new: str) -> list[ast.stmt]:
    """Parse statements; raise SourceError if the text is not Python."""
    try:
        return parse(new).body
    except SyntaxError as problem:
        raise SourceError(f"{new!r} is not Python: {problem.msg}") from problem


def number(node: ast.AST) -> int:
    """Return a node's number; raise SourceError if the tree was not read by `trees.read`."""
    found = number_of(node)
    if found is None:
        raise SourceError("the tree has no numbers; read it with trees.read")
    return found

"""Write a function in other styles: the same values, from code that looks otherwise.

Each style changes a function's syntax tree, and nothing that the function computes. A mistake that is
named in one style must be named in all.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping

from autograder.operators.trees import fresh, function, read, write
from autograder.operators.view import last_name

Style = Callable[[ast.FunctionDef], bool]  # changes a function; False if it has nothing to change


def restyled(source: str, name: str, style: str) -> str | None:
    """Return a function's source in another style; None if the style has nothing to change there."""
    tree = read(source)
    node = function(tree, name)
    if not isinstance(node, ast.FunctionDef) or not STYLES[style](node):
        return None
    return write(tree)


def _other_names(node: ast.FunctionDef) -> bool:
    """Give the variables of a function other names."""
    given = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
    nested = any(_is_scope(one) for one in ast.walk(node) if one is not node)
    stored = [
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id not in given
    ]
    if nested or not stored:
        return False
    new = {old: f"my_{number}_{old}" for number, old in enumerate(dict.fromkeys(stored))}
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.id in new:
            one.id = new[one.id]
    return True


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.Global | ast.Nonlocal)


def _in_a_helper(node: ast.FunctionDef) -> bool:
    """Move the whole body into a function inside, which is called."""
    documented = ast.get_docstring(node) is not None
    first, body = node.body[:documented], node.body[documented:]
    if not body or any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(node)):
        return False
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    if node.args.vararg or node.args.kwarg or node.args.kwonlyargs:
        return False
    plain = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    inner = ast.parse("def work(): pass").body[0]
    assert isinstance(inner, ast.FunctionDef)
    inner.args, inner.body = plain, body
    call = ast.Call(ast.Name("work"), [ast.Name(name) for name in names], [])
    node.body = [*first, inner, ast.Return(call)]
    return True


class _Appended(ast.NodeTransformer):
    """Puts `*layers` in place of a Sequential's layers, and keeps the statements that fill the list."""

    def __init__(self) -> None:
        self.before: list[ast.stmt] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        plain = not any(isinstance(one, ast.Starred) for one in node.args) and not node.keywords
        if last_name(node.func) != "Sequential" or len(node.args) < 2 or not plain:
            return node
        name = f"layers_{len(self.before)}"
        self.before += ast.parse(f"{name} = []").body
        for layer in node.args:
            append = ast.parse(f"{name}.append(None)").body[0]
            assert isinstance(append, ast.Expr) and isinstance(append.value, ast.Call)
            append.value.args = [layer]
            self.before.append(append)
        node.args = [ast.Starred(ast.Name(name), ast.Load())]
        return node


def _layer_after_layer(node: ast.FunctionDef) -> bool:
    """Fill a list with layers, and make the network of it."""
    body: list[ast.stmt] = []
    found = False
    for statement in node.body:
        changer = _Appended()
        changed = (
            changer.visit(statement)
            if isinstance(statement, ast.Assign | ast.Return)
            else statement
        )
        found |= bool(changer.before)
        body += [*changer.before, changed]
    node.body = body
    return found


def _network_as_class(node: ast.FunctionDef) -> bool:
    """Wrap the Sequential that a function returns into a module of its own."""
    value = next((one for one in node.body if isinstance(one, ast.Return)), None)
    chains = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    if (
        value is None
        or value.value is None
        or not any(last_name(one.func) == "Sequential" for one in chains)
    ):
        return False
    place = node.body.index(value)
    wrapper = ast.parse(
        "class Network(nn.Module):\n"
        "    def __init__(self, body):\n"
        "        super().__init__()\n"
        "        self.body = body\n"
        "    def forward(self, x):\n"
        "        return self.body(x)\n"
    ).body
    node.body[place : place + 1] = [
        *wrapper,
        ast.Return(ast.Call(ast.Name("Network"), [value.value], [])),
    ]
    return True


class _Functions(ast.NodeTransformer):
    """`torch.mean(x)` for `x.mean()`, `x + -y` for `x - y`, `torch.mul(x, y)` for `x * y`."""

    NAMES = ("mean", "sum", "detach", "abs", "exp", "log", "square", "sigmoid")

    def __init__(self) -> None:
        self.changed = False

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        func = node.func
        plain = isinstance(func, ast.Attribute) and func.attr in self.NAMES and not node.args
        if (
            not plain
            or node.keywords
            or not isinstance(func, ast.Attribute)
            or _is_module(func.value)
        ):
            return node
        self.changed = True
        dotted = ast.Attribute(ast.Name("torch"), func.attr, ast.Load())
        return ast.Call(dotted, [func.value], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Sub):
            return node
        self.changed = True
        return ast.BinOp(node.left, ast.Add(), ast.UnaryOp(ast.USub(), node.right))


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and (
        node.id in ("torch", "nn", "F", "np") or hasattr(builtins, node.id)
    )


def _as_functions(node: ast.FunctionDef) -> bool:
    changer = _Functions()
    node.body = [changer.visit(statement) for statement in node.body]
    return changer.changed


def _step_by_step(node: ast.FunctionDef) -> bool:
    """Keep each side of a formula, and what is returned, under a name first."""
    body: list[ast.stmt] = []
    changed = False
    for number, statement in enumerate(node.body):
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.Return) and isinstance(value, ast.BinOp):
            names = [f"left_{number}", f"right_{number}"]
            for name, side in zip(names, (value.left, value.right), strict=True):
                body.append(ast.Assign([ast.Name(name, ast.Store())], side, lineno=0))
            value.left, value.right = (ast.Name(name, ast.Load()) for name in names)
            changed = True
        if (
            isinstance(statement, ast.Return)
            and value is not None
            and not isinstance(value, ast.Name)
        ):
            body.append(ast.Assign([ast.Name("result", ast.Store())], value, lineno=0))
            statement = ast.Return(ast.Name("result", ast.Load()))
            changed = True
        body.append(statement)
    node.body = body
    return changed


def _under_a_condition(node: ast.FunctionDef) -> bool:
    """Write the body under a condition that holds, and again where it does not."""
    documented = ast.get_docstring(node) is not None
    first, body = node.body[:documented], node.body[documented:]
    if not body or not node.args.args:
        return False
    test = ast.parse(f"{node.args.args[0].arg} is not NotImplemented", mode="eval").body
    other = [one for one in fresh(body) if isinstance(one, ast.stmt)]
    node.body = [*first, ast.If(test, body, other)]
    return True


STYLES: Mapping[str, Style] = {
    "other names": _other_names,
    "in a helper": _in_a_helper,
    "layer after layer": _layer_after_layer,
    "network as class": _network_as_class,
    "as functions": _as_functions,
    "step by step": _step_by_step,
    "under a condition": _under_a_condition,
}

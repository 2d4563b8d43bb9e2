"""Tell whether a function is still to do, and find a stub's line that was left in finished code.

A function is still to do if it computes nothing: what it holds is what every stub holds, such as a
docstring, a seed, names without a value, `pass`, and `raise NotImplementedError`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

TODO = ("NotImplementedError", "NotImplemented")
SEEDS = ("manual_seed", "manual_seed_all", "seed", "set_seed")
SIZES = ("shape", "size", "ndim", "dim", "dtype", "device", "numel", "len", "int", "isinstance")
BASES = ("Module", "object", "Model", "Layer")  # a class without code of its own computes nothing
Function = ast.FunctionDef | ast.AsyncFunctionDef
LOOPS = (ast.For, ast.While, ast.With, ast.Try)


def is_to_do(statement: ast.stmt) -> bool:
    """Tell whether a definition of a function or a class computes nothing."""
    if isinstance(statement, ast.ClassDef):
        bare = not statement.decorator_list and all(_last(b) in BASES for b in statement.bases)
        return bare and all(_is_blank(one, set()) or is_to_do(one) for one in statement.body)
    if not isinstance(statement, Function) or statement.decorator_list:
        return False
    return computes_nothing(statement.body)


def computes_nothing(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements do no more than a stub does."""
    empty: set[str] = set()
    return all(_is_blank(one, empty) for one in body)


def _is_blank(one: ast.stmt, empty: set[str]) -> bool:
    """Tell whether a statement computes nothing; `empty` are the names without a value so far."""
    if isinstance(one, (ast.Pass, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom)):
        return True
    if isinstance(one, ast.Expr):
        return isinstance(one.value, ast.Constant) or _is_preparation(one.value)
    if isinstance(one, ast.Raise):
        return raises_todo(one)
    if isinstance(one, ast.Return):
        return one.value is None or _is_unset(one.value, empty)
    if isinstance(one, (ast.Assign, ast.AnnAssign)):
        targets = one.targets if isinstance(one, ast.Assign) else [one.target]
        names = {node.id for t in targets for node in ast.walk(t) if isinstance(node, ast.Name)}
        if one.value is None or _is_empty(one.value):
            empty |= names
        elif _only_reads(one.value):
            empty -= names
        else:
            return False
        return all(isinstance(target, (ast.Name, ast.Tuple)) for target in targets)
    if isinstance(one, ast.If):
        asks = [node for node in ast.walk(one.test) if isinstance(node, (ast.Call, ast.NamedExpr))]
        only_looks = all(isinstance(node, ast.Call) and _only_reads(node) for node in asks)
        return only_looks and all(_is_blank(inner, empty) for inner in [*one.body, *one.orelse])
    if isinstance(one, ast.Try):
        caught = [inner for handler in one.handlers for inner in handler.body]
        inside = [*one.body, *caught, *one.orelse, *one.finalbody]
        return all(_is_blank(inner, empty) for inner in inside)
    return False


def _is_preparation(value: ast.expr) -> bool:
    """Tell whether an expression is a call that seeds, or one of the parent's `__init__`."""
    if not isinstance(value, ast.Call):
        return False
    name = _last(value.func)
    if name == "__init__":
        return isinstance(value.func, ast.Attribute) and "super" in ast.dump(value.func.value)
    return name in SEEDS


def _is_unset(value: ast.expr, empty: set[str]) -> bool:
    """Tell whether an expression is None, a name without a value, or several of these."""
    if isinstance(value, ast.Tuple):
        return all(_is_unset(one, empty) for one in value.elts)
    if isinstance(value, ast.Name):
        return value.id in empty
    return isinstance(value, ast.Constant) and value.value in (None, ...)


def _is_empty(value: ast.expr) -> bool:
    """Tell whether an expression is None or holds nothing, as what a stub's names begin with."""
    if isinstance(value, ast.Tuple):
        return all(_is_empty(one) for one in value.elts)
    if isinstance(value, ast.List):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    return isinstance(value, ast.Constant) and value.value in (None, ...)


def _only_reads(value: ast.expr) -> bool:
    """Tell whether an expression reads an argument or its size: what functions begin with."""
    if isinstance(value, ast.Tuple):
        return all(_only_reads(one) for one in value.elts)
    if isinstance(value, (ast.Name, ast.Constant)):
        return True
    if isinstance(value, ast.Subscript):
        return _only_reads(value.value) and _only_reads(value.slice)
    if isinstance(value, ast.Attribute):
        return value.attr in SIZES and _only_reads(value.value)
    if isinstance(value, ast.BinOp):
        return all(isinstance(n, ast.Constant) or _is_size(n) for n in (value.left, value.right))
    if isinstance(value, ast.Call):
        function, given = value.func, [*value.args, *(one.value for one in value.keywords)]
        own = isinstance(function, ast.Attribute) and _only_reads(function.value)
        known = own or isinstance(function, ast.Name)
        return known and _last(function) in SIZES and all(map(_only_reads, given))
    return False


def _is_size(value: ast.expr) -> bool:
    """Tell whether an expression is a size, and no bare name, which may be a tensor."""
    return not isinstance(value, ast.Name) and _only_reads(value)


def raises_todo(one: ast.stmt) -> bool:
    """Tell whether a statement is `raise NotImplementedError`."""
    if not isinstance(one, ast.Raise) or one.exc is None:
        return False
    raised = one.exc.func if isinstance(one.exc, ast.Call) else one.exc
    return _last(raised) in TODO


def _last(node: ast.expr) -> str:
    """Return the last name of `a.b.c`; "" for what is no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def function_at(trees: Sequence[ast.stmt], name: str, line: int) -> Function | None:
    """Return the last function of a name that begins at a line, wherever it is defined."""
    found = None
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, Function) and node.name == name:
            begins = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if begins == line:
                found = node
    return found


def left_over(function: Function, line: int) -> str:
    """Say what to do with a line that raises NotImplementedError in a function with other code.

    "" if the function has no other code, or the line is no such line.
    """
    if computes_nothing(function.body):
        return ""
    if any(one.lineno == line and raises_todo(one) for one in _always(function.body)):
        return "delete that line"
    inner = [one for one in ast.walk(function) if isinstance(one, ast.Raise)]
    if any(one.lineno == line and raises_todo(one) for one in inner):
        return "write there what is to be done in that case, or delete it"
    return ""


def _always(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that stand under no condition."""
    for one in body:
        yield one
        if isinstance(one, LOOPS):
            yield from _always(one.body)

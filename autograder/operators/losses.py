"""Edits of formulas: a sum for a mean, factors, signs, terms, labels, detached or squeezed scores."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.operators.changes import dropped, filled, unwrapped
from autograder.operators.edits import Edit
from autograder.operators.view import View, last_name, number_in

REDUCTIONS = {"mean": "a mean", "sum": "a sum", "max": "the largest one"}
LABELS = {"ones_like": "zeros_like", "zeros_like": "ones_like", "ones": "zeros", "zeros": "ones"}
WHOLE = {
    "0.5 * _": "half of what is described",
    "2 * _": "twice what is described",
    "-_": "what is described, with the other sign",
    "1 - _": "1 minus what is described",
    "_.sum()": "a sum",
    "_.mean()": "a mean",
    "_.item()": "a plain number, through which no gradient flows",
    "_.detach()": "detached: no gradient flows through it",
    "torch.sigmoid(_)": "squeezed by a sigmoid",
}
OPERATIONS = {"Add": ast.Sub, "Sub": ast.Add, "Mult": ast.Div, "Div": ast.Mult}
INNER = ("detach", "sigmoid", "squeeze", "flatten", "float", "view", "reshape", "clamp")
SIDES = (("real", "fake"), ("D", "G"), ("X", "Z"))


def formula_edits(view: View) -> Iterator[Edit]:
    """Yield the edits of formulas."""
    yield from _reductions(view)
    yield from _whole_values(view)
    yield from _operations(view)
    yield from _labels(view)
    yield from _inner(view)
    yield from _names(view)


def _reductions(view: View) -> Iterator[Edit]:
    """Another reduction, or none, at one place and everywhere."""
    found = [
        (node, name)
        for node, name in view.calls()
        if name in REDUCTIONS and isinstance(node.func, ast.Attribute) and not node.args
    ]
    for new, words in REDUCTIONS.items():
        nodes = [node for node, name in found if name != new]
        for node in nodes:
            was = REDUCTIONS[last_name(node.func)]
            yield _renamed(view, [node], new, f"There is {words} where {was} is described.")
        if len(nodes) > 1:
            yield _renamed(view, nodes, new, f"There is {words} wherever another is described.")
    for node, _ in found:
        words = "One value stays for each example; nothing reduces them to one number."
        yield view.edit({node: unwrapped}, "unwrap", words)


def _renamed(view: View, nodes: list[ast.Call], new: str, words: str) -> Edit:
    changes = {}
    for node in nodes:
        assert isinstance(node.func, ast.Attribute)
        name = f"({ast.unparse(node.func.value)}).{new}"
        changes[node.func] = filled(name, view.held[node.func])
    return view.edit(changes, f"to {new}", words)


def _whole_values(view: View) -> Iterator[Edit]:
    """Half, twice, minus what is returned or assigned."""
    for node in view.nodes:
        if not isinstance(node, ast.Return | ast.Assign) or node.value is None:
            continue
        value = node.value
        if isinstance(value, ast.Tuple | ast.List | ast.Constant) or builds(value):
            continue
        what = "What is returned"
        if isinstance(node, ast.Assign):
            if not isinstance(node.targets[0], ast.Name):
                continue
            what = _upper(view.name(node.targets[0]))
        for new, words in WHOLE.items():
            yield view.swap(value, new, f"{what} is {words}.")


def builds(node: ast.AST) -> bool:
    """Return whether a layer, a network or another object is made there."""
    return isinstance(node, ast.Call) and last_name(node.func)[:1].isupper()


def _operations(view: View) -> Iterator[Edit]:
    """Leave a side of a sum or product out, turn its sign, another power."""
    for node in view.nodes:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if number_in(node) is None:
                inner = ast.unparse(node.operand)
                yield view.swap(node, f"({inner})", "A minus sign is missing in the formula.")
            continue
        if not isinstance(node, ast.BinOp):
            continue
        kind = type(node.op).__name__
        what = "term" if kind in ("Add", "Sub") else "factor"
        for which, side in (("left", node.left), ("right", node.right)):
            if kind in OPERATIONS and _tensor_is_left(node, side):
                whose, change = dropped(side, view.held[side])
                words = f"A {what} of the formula is missing."
                yield view.edit({whose: change}, f"drop {which} {what}", words)
        if kind in OPERATIONS:
            new = ast.BinOp(node.left, OPERATIONS[kind](), node.right)
            wrong = {"term": "A sign in the formula is wrong.", "factor": _TURNED}[what]
            yield view.swap(node, f"({ast.unparse(new)})", wrong)
        if kind == "Pow":
            left = ast.unparse(node.left)
            yield view.swap(node, f"({left})", "A square is missing in the formula.")
            yield view.swap(node, f"({left}).abs()", "There is a distance where a square is asked.")


_TURNED = "It is divided where it should be multiplied, or the other way round."


def _tensor_is_left(node: ast.BinOp, side: ast.AST) -> bool:
    """Return whether a number's other side stays; two numbers make one number."""
    other = node.right if side is node.left else node.left
    return number_in(other) is None


def _labels(view: View) -> Iterator[Edit]:
    """The other label, a smoothed one; both labels exchanged."""
    found = [(node, name) for node, name in view.calls() if name in LABELS]
    for node, name in found:
        got = "0" if LABELS[name].startswith("zeros") else "1"
        whose = f" of {view.name(node.args[0])}" if name.endswith("like") and node.args else ""
        new = f"{_dotted(node.func, LABELS[name])}"
        yield view.swap(node.func, new, f"The label{whose} is {got}.")
        if name.startswith("ones"):
            for value in ("0.9", "0.5", "-1"):
                yield view.swap(node, f"{value} * _", f"The label{whose} is {value}.")
    if len(found) > 1:
        changes = {
            node.func: filled(_dotted(node.func, LABELS[name]), view.held[node.func])
            for node, name in found
        }
        yield view.edit(changes, "labels", "The labels are swapped: 1 for 0, and 0 for 1.")


def _dotted(func: ast.AST, name: str) -> str:
    before = ast.unparse(func).rpartition(".")[0]
    return f"{before}.{name}" if before else name


def _inner(view: View) -> Iterator[Edit]:
    """Detach what a call gets, squeeze it, or leave out such a call that is asked for."""
    for node, name in view.calls():
        can = isinstance(node.func, ast.Attribute) or len(node.args) == 1
        if can and name in INNER:
            yield view.edit({node: unwrapped}, "unwrap", f"The call of `{name}` is missing.")
        if name[:1].isupper() or name in ("super", "print", "len", "range"):
            continue
        for one in node.args:
            if isinstance(one, ast.Name | ast.Call) and not _is_label(one):
                what = view.name(one)
                yield view.swap(
                    one, "_.detach()", f"{_upper(what)} is detached before `{name}` gets it."
                )
                squeezed = f"A sigmoid squeezes what `{name}` gets."
                yield view.swap(one, "torch.sigmoid(_)", squeezed)


def _is_label(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in LABELS


def _names(view: View) -> Iterator[Edit]:
    """The other one of a pair of names: real and fake, D and G, X and Z."""
    known = {node.id for node in ast.walk(view.tree) if isinstance(node, ast.Name)}
    known |= {node.arg for node in ast.walk(view.tree) if isinstance(node, ast.arg)}
    for node in view.nodes:
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store):
            continue
        for other in sorted(set(_partners(node.id)) & known):
            names = [view.name(ast.Name(one)) for one in (other, node.id)]
            yield view.swap(
                node,
                other,
                "{} stands where {} belongs.".format(
                    _upper(names[0]), names[1].replace("a value", "another")
                ),
            )


def _partners(name: str) -> Iterator[str]:
    for pair in SIDES:
        for one, other in (pair, pair[::-1]):
            changed = re.sub(rf"(?<![A-Za-z]){one}(?![A-Za-z])", other, name)
            if changed != name:
                yield changed


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]

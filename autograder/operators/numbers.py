"""Edits of arguments: another number, a flag turned, an argument left out, a pair in another order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from autograder.operators.changes import constantly, gone
from autograder.operators.edits import Edit
from autograder.operators.view import View, last_name, number_in

TYPICAL = (0.0, 0.5, 1.0, 0.1, 0.2, 0.01, 0.02, 0.001, 0.0001, 0.0002, 0.9, 0.99, 0.999)
FACTORS = (0.5, 2.0, 10.0, 0.1)
NOT_FOR_STUDENTS = ("item", "range", "len", "print", "super", "zip", "enumerate")


def number_edits(view: View) -> Iterator[Edit]:
    """Yield the edits of numbers and arguments."""
    yield from _numbers(view)
    yield from _flags(view)
    yield from _left_out(view)
    yield from _pairs(view)


def _numbers(view: View) -> Iterator[Edit]:
    """Another number, at one place and at all places that have it."""
    places: dict[str, list[ast.AST]] = {}
    for node in view.nodes:
        if number_in(node) is not None and number_in(view.held[node].parent) is None:
            places.setdefault(ast.unparse(node), []).append(node)
    for text, nodes in places.items():
        for new in _other_numbers(nodes[0]):
            for node in nodes:
                yield view.swap(node, new, f"{role(view, node)} is {new}, not what is asked for.")
            if len(nodes) > 1:
                asked = text if view.asked(text) else "another number"
                words = f"There is {new} wherever {asked} is asked for."
                yield view.swap_all(nodes, new, words)


def _other_numbers(node: ast.AST) -> list[str]:
    value = number_in(node)
    assert value is not None
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        whole = int(value)
        new: list[float] = [whole - 1, whole + 1, 2 * whole, whole // 2, 0, 1]
        new += [-whole] if whole < 3 else []
    else:
        new = [*(value * factor for factor in FACTORS), *TYPICAL, -value, 1 - value]
    texts = [repr(round(one, 12)) for one in new]
    return list(dict.fromkeys(text for text in texts if float(text) != value))


def role(view: View, node: ast.AST) -> str:
    """Return words for what a number is: "The argument lr of Adam", "A number"."""
    above = view.held[node]
    if isinstance(above.parent, ast.Tuple | ast.List):
        elements = above.parent.elts
        inner = role(view, above.parent)
        return f"{inner}: its {view.which(node, 'number', elements).removeprefix('the ')}"
    if isinstance(above.parent, ast.keyword):
        call = view.held[above.parent].parent
        name = last_name(call.func) if isinstance(call, ast.Call) else ""
        return f"The argument {above.parent.arg} of {name}" if name else "An argument"
    if isinstance(above.parent, ast.Call) and (name := last_name(above.parent.func)):
        calls = [call for call, other in view.calls() if other == name]
        where = view.which(above.parent, name, calls)
        which = view.which(node, "argument", above.parent.args)
        return f"{which[0].upper()}{which[1:]} of {where}"
    return "A number in the formula"


def _flags(view: View) -> Iterator[Edit]:
    for node in view.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            new = str(not node.value)
            yield view.swap(node, new, f"{role(view, node)} is {new}.")


def _left_out(view: View) -> Iterator[Edit]:
    for node in view.nodes:
        if isinstance(node, ast.keyword) and node.arg:
            call = view.held[node].parent
            name = last_name(call.func) if isinstance(call, ast.Call) else ""
            words = f"The argument {node.arg} of {name} is left out: it has its default."
            yield view.edit({node: gone}, "drop", words)
    for call, name in view.calls():
        if call.args and name not in NOT_FOR_STUDENTS and number_in(call.args[-1]) is not None:
            words = f"The last argument of {name} is left out."
            yield view.edit({call.args[-1]: gone}, "drop", words)


def _pairs(view: View) -> Iterator[Edit]:
    """Exchange neighbours among arguments and in tuples."""
    for node in view.nodes:
        if isinstance(node, ast.Call):
            rows, what = node.args, f"arguments of {last_name(node.func) or 'a call'}"
            if rows and all(isinstance(one, ast.Call) for one in rows):
                continue  # layers
        elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
            rows, what = node.elts, "a pair"
        else:
            continue
        for one, other in pairwise(rows):
            if ast.dump(one) == ast.dump(other):
                continue
            changes = {one: constantly([other]), other: constantly([one])}
            words = f"Two {what} are in the wrong order." if what != "a pair" else _PAIR
            yield view.edit(changes, "exchange", words)
    for node in view.nodes:
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _comparisons(view, node)


_PAIR = "Two values are in the wrong order."
_OTHERS = {"Lt": ast.LtE, "LtE": ast.Lt, "Gt": ast.GtE, "GtE": ast.Gt}
_TURNED = {"Lt": ast.Gt, "LtE": ast.GtE, "Gt": ast.Lt, "GtE": ast.LtE, "Eq": ast.NotEq}


def _comparisons(view: View, node: ast.Compare) -> Iterator[Edit]:
    name = type(node.ops[0]).__name__
    for table, words in (
        (_OTHERS, "A comparison goes wrong where both sides are equal."),
        (_TURNED, "A comparison is the wrong way round."),
    ):
        if name in table:
            new = ast.Compare(node.left, [table[name]()], node.comparators)
            yield view.edit({node: constantly([new])}, f"to {table[name].__name__}", words)

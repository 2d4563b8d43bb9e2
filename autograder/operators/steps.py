"""Edits of training: a step left out or in another order, another optimizer, fewer parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from autograder.operators.changes import constantly, given, gone, unwrapped
from autograder.operators.edits import Edit
from autograder.operators.places import bodies
from autograder.operators.view import View, last_name

OPTIMIZERS = ("Adam", "SGD", "RMSprop", "AdamW", "Adagrad", "Adamax", "NAdam", "RAdam")
OPTIONS = ("weight_decay=1e-2", "weight_decay=1e-4", "maximize=True", "amsgrad=True", "eps=1e-2")
STATES = ("eval", "train")


def step_edits(view: View) -> Iterator[Edit]:
    """Yield the edits of statements and of optimizers."""
    yield from _statements(view)
    yield from _optimizers(view)
    yield from _parameters(view)
    yield from _states(view)


def _statements(view: View) -> Iterator[Edit]:
    """Leave a statement out, exchange it with the next, take a `with` or an `if` away."""
    inside = set(view.nodes)
    for body in (b for node in ast.walk(view.tree) for b in bodies(node)):
        row = [one for one in body if one in inside]
        for one in row:
            if not isinstance(one, ast.Return):
                yield view.edit({one: gone}, "drop", f"{_words(view, one)} is missing.")
            if isinstance(one, ast.With):
                yield view.edit({one: unwrapped}, "unwrap", "A `with` is missing.")
        for one, other in pairwise(row):
            if not isinstance(other, ast.Return):
                words = f"{_words(view, other)} comes too early, or the step before it too late."
                changes = {one: constantly([other]), other: constantly([one])}
                yield view.edit(changes, "exchange", words)


def _words(view: View, node: ast.AST) -> str:
    """Return words for a statement, without its code."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        name = last_name(node.value.func)
        calls = [call for call, other in view.calls() if other == name]
        where = view.which(node.value, f"call of `{name}`", calls)
        return f"{where[0].upper()}{where[1:]}"
    if isinstance(node, ast.Assign | ast.AugAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = view.name(target)
        return f"The step that sets {name}" if name != "a value" else "A step"
    return "A step"


def _optimizers(view: View) -> Iterator[Edit]:
    for node, name in view.calls():
        if name not in OPTIMIZERS:
            continue
        before = ast.unparse(node.func).rpartition(".")[0]
        for other in OPTIMIZERS:
            if other != name:
                new = f"{before}.{other}" if before else other
                yield view.swap(node.func, new, f"The optimizer is {other}.")
                kept = ", ".join(
                    ast.unparse(one)
                    for one in (*node.args, *node.keywords)
                    if getattr(one, "arg", "") in ("", "lr")
                )
                yield view.swap(node, f"{new}({kept})", f"The optimizer is {other}.")
        for option in OPTIONS:
            key, _, value = option.partition("=")
            yield view.edit({node: given(option)}, option, f"The optimizer has {key} {value}.")


def _parameters(view: View) -> Iterator[Edit]:
    for node, name in view.calls():
        if name == "parameters":
            for part, words in (("[:1]", "the first one"), ("[1:]", "all but the first")):
                sentence = f"Of the parameters, only {words} is trained."
                yield view.swap(node, f"list(_){part}", sentence)


def _states(view: View) -> Iterator[Edit]:
    """Turn `train` and `eval` of a network into each other."""
    for node, name in view.calls():
        if name in STATES and isinstance(node.func, ast.Attribute) and not node.keywords:
            other = STATES[1 - STATES.index(name)]
            whose = ast.unparse(node.func.value)
            name_of = view.name(node.func.value).replace("a value", "a network")
            yield view.swap(
                node,
                f"{whose}.{other}()",
                f"{name_of[0].upper()}{name_of[1:]} is set to {other}, not {name}.",
            )

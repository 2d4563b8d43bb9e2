"""Edits of networks: another activation, a layer left out, doubled, moved or added, no bias."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from autograder.operators.changes import constantly, filled, given, gone
from autograder.operators.edits import Edit
from autograder.operators.view import View, last_name, number_in

ACTIVATIONS = {
    "ReLU": "nn.ReLU()",
    "LeakyReLU with slope 0.01": "nn.LeakyReLU(0.01)",
    "LeakyReLU with slope 0.2": "nn.LeakyReLU(0.2)",
    "LeakyReLU with slope 0.1": "nn.LeakyReLU(0.1)",
    "Tanh": "nn.Tanh()",
    "Sigmoid": "nn.Sigmoid()",
    "ELU": "nn.ELU()",
    "GELU": "nn.GELU()",
    "Softplus": "nn.Softplus()",
}
NAMES = {last_name(ast.parse(code, mode="eval").body.func) for code in ACTIVATIONS.values()}  # type: ignore[attr-defined]
ENDS = ("Sigmoid", "Tanh", "ReLU", "LeakyReLU with slope 0.2")
DROPOUTS = (0.2, 0.3, 0.5)
BIASED = ("Linear", "Conv2d", "ConvTranspose2d", "LazyLinear", "Conv1d", "Dense")
NORMS = {"Linear": "BatchNorm1d", "Conv2d": "BatchNorm2d", "ConvTranspose2d": "BatchNorm2d"}


def layer_edits(view: View) -> Iterator[Edit]:
    """Yield the edits of a network's layers."""
    yield from _activations(view)
    for chain in _chains(view):
        yield from _chain(view, chain)
        yield from _ends(view, chain)
        yield from _between(view, chain)
    yield from _biases(view)
    yield from _modes(view)


def _chains(view: View) -> Iterator[list[ast.expr]]:
    """Yield the layers that stand in a row: in a call of `Sequential`, or in a list."""
    for node in view.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) == "Sequential":
            layers = node.args
        elif isinstance(node, ast.List | ast.Tuple):
            layers = node.elts
        else:
            continue
        if len(layers) > 1 and all(_is_layer(one) for one in layers):
            yield layers


def _is_layer(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func)[:1].isupper()


def _name(layer: ast.AST) -> str:
    return last_name(layer.func) if isinstance(layer, ast.Call) else ""


def _activations(view: View) -> Iterator[Edit]:
    """Another activation, at one place and everywhere; and the arguments of the one that is there."""
    found = [node for node, name in view.calls() if name in NAMES and _is_layer(node)]
    kinds = {ast.unparse(node) for node in found}
    for words, code in ACTIVATIONS.items():
        others = [node for node in found if ast.unparse(node) != code]
        for node in others:
            where = view.which(node, "activation", found)
            yield view.swap(node, code, f"{_upper(where)} is {words}{_wanted(view, node)}.")
        for kind in sorted(kinds):
            alike = [node for node in others if ast.unparse(node) == kind]
            if len(alike) > 1:
                name = _name(alike[0])
                yield view.swap_all(alike, code, f"Where {name} is asked for, there is {words}.")


def _wanted(view: View, node: ast.Call) -> str:
    """Return what the description asks for, if it says so in these words."""
    name = _name(node)
    if not view.asked(name):
        return ""
    slope = number_in(node.args[0]) if name == "LeakyReLU" and node.args else None
    if slope is not None and view.asked(f"slope {slope:g}"):
        return f"; the description asks for {name} with slope {slope:g}"
    return f"; the description asks for {name}"


def _chain(view: View, layers: list[ast.expr]) -> Iterator[Edit]:
    """Leave a layer out, double it, exchange neighbours; the same for all layers of a kind."""
    for node in layers:
        alike = [one for one in layers if _name(one) == _name(node)]
        where = view.which(node, _name(node), alike)
        yield view.edit({node: gone}, "drop", f"{_upper(where)} is missing.")
        yield view.swap(node, "_, _", f"{_upper(where)} is there twice.")
        if len(alike) > 1 and node is alike[0]:
            every = dict.fromkeys(alike, gone)
            yield view.edit(every, "drop", f"Every {_name(node)} is missing.")
    for one, other in pairwise(layers):
        if ast.unparse(one) == ast.unparse(other):
            continue
        changes = {one: constantly([other]), other: constantly([one])}
        first = view.which(one, _name(one), [x for x in layers if _name(x) == _name(one)])
        second = view.which(other, _name(other), [x for x in layers if _name(x) == _name(other)])
        yield view.edit(
            changes, "exchange", f"{_upper(second)} comes before {first}, not after it."
        )
    for one, middle, other in zip(layers, layers[1:], layers[2:], strict=False):
        if _name(middle) in NAMES and ast.unparse(one) == ast.unparse(other):
            words = f"A {_name(one)} with its {_name(middle)} is missing."
            yield view.edit({middle: gone, other: gone}, "drop", words)


def _ends(view: View, layers: list[ast.expr]) -> Iterator[Edit]:
    """Put an activation at the end."""
    for words in ENDS:
        last = layers[-1]
        if ast.unparse(last) != ACTIVATIONS[words]:
            yield view.swap(last, f"_, {ACTIVATIONS[words]}", f"A {words} stands at the end.")


def _between(view: View, layers: list[ast.expr]) -> Iterator[Edit]:
    """Put Dropout and BatchNorm before or after the activations."""
    inside = [node for node in layers[:-1] if _name(node) in NAMES]
    if not inside:
        return
    for share in DROPOUTS:
        words = f"The hidden layers drop activations at random, {share:g} of them."
        yield view.swap_all(inside, f"_, nn.Dropout({share})", words)
    widths = {}
    for before, node in pairwise(layers):
        if node in inside and _name(before) in NORMS and isinstance(before, ast.Call):
            if len(before.args) < 2:
                return
            widths[node] = f"nn.{NORMS[_name(before)]}({ast.unparse(before.args[1])})"
    for pattern, words in (("{}, _", "before"), ("_, {}", "after")):
        changes = {
            node: filled(pattern.format(norm), view.held[node]) for node, norm in widths.items()
        }
        if changes:
            sentence = f"There is a BatchNorm {words} each activation of a hidden layer."
            yield view.edit(changes, f"norms {words}", sentence)


def _biases(view: View) -> Iterator[Edit]:
    layers = [node for node, name in view.calls() if name in BIASED]
    free = [
        node for node in layers if all(k.arg not in ("bias", "use_bias") for k in node.keywords)
    ]
    for node in free:
        where = view.which(node, _name(node), [x for x in layers if _name(x) == _name(node)])
        yield view.edit({node: given("bias=False")}, "no bias", f"{_upper(where)} has no bias.")
    if len(free) > 1:
        changes = {node: given("bias=False") for node in free}
        yield view.edit(changes, "no bias", "The layers have no bias.")


def _modes(view: View) -> Iterator[Edit]:
    """Return the network in evaluation mode, or frozen."""
    if not any(_chains(view)):
        return
    for node in view.nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            yield view.swap(node.value, "_.eval()", "The network is left in evaluation mode.")
            frozen = "The network is frozen: its parameters have requires_grad=False."
            yield view.swap(node.value, "_.requires_grad_(False)", frozen)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]

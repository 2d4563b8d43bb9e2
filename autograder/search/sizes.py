"""Sizes that a student's weights have and the solution's have not: what whole numbers to try.

A width of 300 for 256 is in no list of edits. The shapes of the student's own weights tell of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograder.judging.shown import telling_probes
from autograder.operators.edits import Edit
from autograder.operators.view import View, last_name, number_in, view
from autograder.outputs import Outputs
from autograder.parts import Part
from autograder.search.trying import Candidate, Tries

SHAPES = "weight_shapes"  # how the names of arrays end that hold the shapes of weights, a row each
MOST = 6  # sizes that are tried


def sizes(part: Part, function: str, outputs: Outputs) -> list[int]:
    """Return the sizes that occur in the shapes of a student's weights, the commonest first."""
    found: list[int] = []
    for probe in telling_probes(part, function):
        for name, array in outputs.of(probe).items():
            if name.endswith(SHAPES) and array.dtype.kind in "iu":
                found += array.reshape(-1).tolist()
    return sorted({one for one in found if one > 0}, key=lambda one: (-found.count(one), one))


def resized(tries: Tries, function: str, found: Sequence[int]) -> list[Candidate]:
    """Return the solution with a size in place of another: everywhere, between two layers, once."""
    edits = list(_edits(view(tries.source_of(function)), found))
    by_source = {one.source: one for one in (tries.candidate(function, edit) for edit in edits)}
    return list(by_source.values())


def _edits(view: View, found: Sequence[int]) -> Iterator[Edit]:
    places: dict[int, list[ast.AST]] = {}
    for node in view.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int and _is_of_layer(view, node):
            places.setdefault(node.value, []).append(node)
    new = [size for size in found if size not in places][:MOST]
    for size in new:
        for value, nodes in places.items():
            asked = str(value) if view.asked(str(value)) else "another size"
            if len(nodes) > 1:
                says = f"There is {size} wherever {asked} is asked for."
                yield view.swap_all(nodes, str(size), says)
        for nodes in places.values():
            for pair in pairwise(nodes):
                says = f"Between two layers, there are {size} values where another number is asked for."
                yield view.swap_all(pair, str(size), says)
        for nodes in places.values():
            for node in nodes:
                says = f"A layer has the size {size} where another is asked for."
                yield view.swap(node, str(size), says)


def _is_of_layer(view: View, node: ast.AST) -> bool:
    """Return whether a number, or a formula of numbers, is an argument of a layer."""
    parent = view.held[node].parent
    while isinstance(parent, ast.BinOp | ast.Tuple | ast.keyword):
        parent = view.held[parent].parent
    known = isinstance(parent, ast.Call) and last_name(parent.func)[:1].isupper()
    return known and number_in(node) is not None

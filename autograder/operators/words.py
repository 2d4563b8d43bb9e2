"""The sentence that an operator knows by itself, with its place filled in.

Only of layers, of arguments and of calls: for anything else, whoever lists the mistake writes one.

drop("second nn.LeakyReLU(...)")          The second LeakyReLU is missing.
swap("nn.Tanh()", "nn.Sigmoid()")         Sigmoid stands where the Tanh belongs.
swap("lr=...", "lr=0.1")                  The argument lr is 0.1, not what is asked for.
"""

from __future__ import annotations

import ast

from autograder.errors import SourceError
from autograder.operators.changes import arguments
from autograder.operators.places import Place, place
from autograder.operators.view import last_name


def sentence(operator: str, where: str, new: str) -> str:
    """Return the sentence of an operator at a place; "" where it has no words that are surely true."""
    wanted = place(where)
    what, comes = _place(wanted), " and ".join(map(_layer, _nodes(new)))
    pattern = wanted.pattern[0]
    if not what:
        return ""
    if operator in ("drop", "unwrap"):
        return f"{_upper(what)} is missing."
    if isinstance(pattern, ast.keyword):
        name, _, value = new.partition("=")
        same = operator == "swap" and name == pattern.arg
        return f"{_upper(what)} is {value}, not what is asked for." if same else ""
    if operator == "argument":
        return f"{_upper(what)} gets {new}, which is not asked for."
    if not comes or _layer(pattern) in ("", comes):
        return ""
    verb = {"swap": "stands where", "before": "stands before", "after": "stands after"}[operator]
    return f"{comes} {verb} {what}{' belongs' if operator == 'swap' else ''}."


def _place(wanted: Place) -> str:
    """Return words for a place: "the second LeakyReLU", "the argument lr"; "" if it has no name."""
    node, which = wanted.pattern[0], f"{wanted.which} " if wanted.which else ""
    if isinstance(node, ast.keyword):
        name = f"argument {node.arg}"
    elif isinstance(node, ast.Call) and not _layer(node):
        name = f"call of `{last_name(node.func)}`" if last_name(node.func) else ""
    else:
        name = _layer(node)
    if not name:
        return ""
    return f"every {name}" if wanted.which == "every" else f"the {which}{name}"


def _layer(node: ast.AST) -> str:
    """Return the name of a layer, of which there is a call or the class; "" for anything else."""
    call = isinstance(node, ast.Call)
    name = last_name(node.func if isinstance(node, ast.Call) else node)
    return name if name[:1].isupper() and (call or not name.isupper()) else ""


def _nodes(new: str) -> list[ast.AST]:
    """Return the layers that come there; none if anything else comes."""
    try:
        nodes = arguments(new)
    except SourceError:  # statements
        return []
    return nodes if all(map(_layer, nodes)) else []


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]

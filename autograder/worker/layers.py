"""Tell in which layer of an `nn.Sequential` an error arose, and where that layer was written.

PyTorch's own traceback names its own files alone, and neither the layer nor the student's line. The
frames of the error know the layer. Runs in the worker, after an error only; torch is not imported.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

LONGEST = 80  # characters of a layer


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer, and its place among the layers of its container, counted from 0."""

    module: Any
    at: int
    layers: Sequence[Any]

    def __str__(self) -> str:
        return f"in layer {self.at + 1} of the nn.Sequential: {_shown(self.module)}"

    def written(self, function: ast.AST) -> int:
        """Return the line in which a function makes this layer; 0 if that is not certain."""
        kind = type(self.module).__name__
        alike = [one for one in self.layers if type(one).__name__ == kind]
        calls = [
            (node.lineno, node.col_offset)
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and _name(node.func) == kind
        ]
        if len(calls) != len(alike):
            return 0
        number = sum(type(one).__name__ == kind for one in self.layers[: self.at])
        return sorted(calls)[number][0]


def failed_in(problem: BaseException) -> Layer | None:
    """Return the innermost layer of a Sequential in which an error arose; None if there is none."""
    found = None
    for trace in _traces(problem.__traceback__):
        code, names = trace.tb_frame.f_code, trace.tb_frame.f_locals
        if code.co_name != "forward" or not code.co_filename.endswith("container.py"):
            continue
        container, module = names.get("self"), names.get("module")
        if type(container).__name__ == "Sequential" and module is not None:
            layers = list(getattr(container, "_modules", {}).values())
            places = [at for at, one in enumerate(layers) if one is module]
            if len(places) == 1:
                found = Layer(module, places[0], layers)
    return found


def inner(problem: BaseException) -> str:
    """Name PyTorch's own layer in which an error arose, wherever it is kept; "" if there is none."""
    found = None
    for trace in _traces(problem.__traceback__):
        code, names = trace.tb_frame.f_code, trace.tb_frame.f_locals
        place = code.co_filename.replace(os.sep, "/")
        if "/torch/nn/modules/" in place and code.co_name in ("forward", "_conv_forward"):
            found = names.get("self", found)
    return f"in {_shown(found)}" if found is not None else ""


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _shown(module: Any) -> str:
    try:
        text = " ".join(repr(module).split())
    except Exception:  # a student's layer may describe itself in its own way
        text = type(module).__name__
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."

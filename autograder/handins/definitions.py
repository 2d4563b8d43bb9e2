"""Functions and classes of a file, and which of its other ones they use."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def with_helpers(
    name: str, defined: Mapping[str, Definition], functions: Collection[str]
) -> list[Definition]:
    """Return a function, and the definitions of the file that it uses and that are no part's own.

    Arguments:
        defined: the file's definitions, by name.
        functions: the part's functions.
    """
    found, waiting = [name], [name]
    while waiting:
        for node in ast.walk(defined[waiting.pop()]):
            used = node.id if isinstance(node, ast.Name) else ""
            if used in defined and used not in functions and used not in found:
                found.append(used)
                waiting.append(used)
    return [defined[one] for one in found]

"""Read what a student predicted, from `prediction_<experiment> = "a"` in a notebook. Nothing is run.

The experiments are those of `ablations.py`, which students get.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping

from autograder.files import parse

PREFIX, LETTERS = "prediction_", ("a", "b", "c")
LONGEST = 300_000  # characters of one cell or module; longer ones are not read
MAGIC = ("%", "!")  # begin lines that are IPython's, not Python's


def predictions_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the predicted letter of each experiment, from notebooks and modules by their names.

    What cannot be read says nothing. Where there are several, the last one counts.
    """
    found: dict[str, str] = {}
    for name in sorted(files):
        if PREFIX.encode() in files[name]:
            for code in _codes(name, files[name]):
                found |= _assigned(code)
    return found


def _codes(name: str, data: bytes) -> Iterator[str]:
    """Yield a module's text, or the text of each code cell of a notebook."""
    try:
        text = data.decode(errors="replace")
        if not name.endswith(".ipynb"):
            yield text
            return
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return


def _assigned(code: str) -> dict[str, str]:
    """Return the letters that a piece of code assigns to names of predictions."""
    if PREFIX not in code or len(code) > LONGEST:
        return {}
    lines = code.splitlines()
    try:
        tree = parse("\n".join("" if line.lstrip().startswith(MAGIC) else line for line in lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    assigned = [
        (target.id, str(node.value.value).strip().lower())
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith(PREFIX)
    ]
    return {name.removeprefix(PREFIX): letter for name, letter in assigned if letter in LETTERS}

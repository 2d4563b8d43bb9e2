"""Let a .py and a notebook complete each other: some functions written in one, the rest in the other.

The result is a notebook whose first cell is the .py. What is still to be written in one of them is left
out, so that it cannot replace what is written in the other.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from autograder.handins.choosing import Facts
from autograder.handins.writes import function_of, gap_in, pieces
from autograder.parts import Part


def completed(facts: Facts, main: str, other: str, part: Part) -> bytes | None:
    """Return the notebook that both files make together; None if one of them cannot be read.

    Arguments:
        main: the file that writes more; where both write a function, its one counts.
    """
    module, notebook = (main, other) if main.endswith(".py") else (other, main)
    code, given = facts.code[module], facts.handed_out
    try:
        about: dict[str, Any] = json.loads(facts.sources[notebook])
        first = {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": _kept(code or "", given),
        }
        mine = facts.own(main, part) if main == module else frozenset()
        cells = [_cell(cell, given, mine) for cell in about["cells"]]
        return json.dumps({**about, "cells": [first, *cells]}).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _cell(cell: dict[str, Any], given: Collection[str], written: Collection[str]) -> dict[str, Any]:
    if cell["cell_type"] != "code":
        return cell
    return {**cell, "outputs": [], "source": _kept("".join(cell["source"]), given, written)}


def _kept(code: str, given: Collection[str], written: Collection[str] = ()) -> str:
    """Return a text without gaps, and without functions that are written elsewhere.

    Their lines stay as empty ones, so that the numbers of all lines stay the same.
    """
    return "".join(
        "\n" * piece.count("\n") if gap_in(piece, given) or function_of(piece) in written else piece
        for piece in pieces(code)
    )

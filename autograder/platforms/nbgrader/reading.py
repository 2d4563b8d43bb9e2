"""Read a notebook in whatever state it comes: of no format, cut off, in conflict. Needs nbformat."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import nbformat

Cell = dict[str, Any]
Notebook = dict[str, Any]
TYPES = ("code", "markdown", "raw")
CONFLICT = re.compile(  # of which the first version is taken
    r"^<{7}[^\n]*\n(.*?)(?:^\|{7}.*?)?^={7}[^\n]*\n.*?^>{7}[^\n]*\n", re.MULTILINE | re.DOTALL
)


def read(data: bytes) -> tuple[Notebook | None, list[str]]:
    """Return a notebook in format 4 as plain data, and what is wrong with the file; None for none."""
    damages: list[str] = []
    if data.startswith(b"\xef\xbb\xbf"):
        damages.append("it begins with a byte-order mark")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        damages.append("it is not in UTF-8")
    if not text.strip():
        return None, ["it is empty"]
    try:
        found = _parsed(text, damages)
        if found.get("nbformat") != 4:
            found = json.loads(nbformat.writes(nbformat.reads(text, as_version=4)))
            damages.append("it has an old format")
        cells = [_cell(cell) for cell in found["cells"]]
        if not isinstance(found.get("metadata"), dict) or any(map(_lacks, found["cells"], cells)):
            damages.append("it lacks what every notebook and every cell has")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, ["it cannot be read as a notebook"]
    except (
        Exception
    ) as problem:  # nbformat's converters raise whatever an odd notebook leads them to
        return None, [f"it cannot be read as a notebook ({type(problem).__name__})"]
    metadata = found.get("metadata")
    return {
        **found,
        "cells": cells,
        "metadata": metadata if isinstance(metadata, dict) else {},
    }, damages


def _parsed(text: str, damages: list[str]) -> Notebook:
    """Return what JSON says; of a file that is cut off or in conflict, the cells that can be read.

    Raises ValueError if there are none.
    """
    try:
        found = json.loads(text)
    except ValueError:
        text = CONFLICT.sub(r"\1", text)
        begin = re.search(r'"cells"\s*:\s*\[', text)
        cells, at = [], begin.end() if begin else len(text)
        decoder = json.JSONDecoder()
        while match := re.compile(r"[\s,]*(?=\{)").match(text, at):
            try:
                cell, at = decoder.raw_decode(text, match.end())
            except ValueError:
                break
            cells.append(cell)
        if not cells:
            raise
        damages.append("it is cut off, or damaged within; what could be read was kept")
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    if not isinstance(found, dict):
        raise ValueError("no notebook")
    return found


def _cell(cell: Mapping[str, Any]) -> Cell:
    """Return a cell with all that nbformat asks for, whatever it came with."""
    source = cell.get("source", "")
    metadata = cell.get("metadata")
    known = {key: value for key, value in cell.items() if key != "id" or isinstance(value, str)}
    return {
        **known,
        "cell_type": cell.get("cell_type") if cell.get("cell_type") in TYPES else "raw",
        "source": "".join(source) if isinstance(source, list) else str(source or ""),
        "metadata": dict(metadata) if isinstance(metadata, dict) else {},
    }


def _lacks(cell: Mapping[str, Any], whole: Cell) -> bool:
    """Tell whether anything but the form of its text had to be put into a cell."""
    same = all(cell.get(key) == whole[key] for key in whole if key != "source")
    return not same or cell.keys() != whole.keys() or not isinstance(cell["source"], (str, list))

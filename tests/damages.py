"""What happens to notebooks on their way to the grader. Each maker changes a file in place."""

from __future__ import annotations

import json
from pathlib import Path

NAME = "gan_pytorch.ipynb"


def _edit(change):
    """Return a damage that changes the notebook's data and writes it again."""

    def damage(folder: Path):
        path = folder / NAME
        notebook = json.loads(path.read_text())
        change(notebook)
        path.write_text(json.dumps(notebook))

    return damage


def _bytes(change):
    def damage(folder: Path):
        path = folder / NAME
        path.write_bytes(change(path.read_bytes()))

    return damage


def _graded(notebook):
    return [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]


def cells_copied(notebook):
    for cell in _graded(notebook)[:3] + _graded(notebook)[-1:]:
        notebook["cells"].append({**cell, "id": f"copy-{cell['id']}"})


def answer_split(notebook):
    cells = notebook["cells"]
    at = next(n for n, cell in enumerate(cells) if cell["id"] == "question-1")
    lines = "".join(cells[at]["source"]).splitlines(keepends=True)
    cells[at]["source"] = lines[0].rstrip("\n")
    cells.insert(
        at + 1, {"cell_type": "markdown", "id": "p2", "metadata": {}, "source": "".join(lines[1:])}
    )


def retyped(notebook):
    for cell in notebook["cells"]:
        if cell["id"] in ("test-bce-loss", "question-1"):
            code = cell["cell_type"] == "markdown"
            cell["cell_type"] = "code" if code else "markdown"
            if code:
                cell |= {"outputs": [], "execution_count": None}
            else:
                cell.pop("outputs"), cell.pop("execution_count")


def metadata_lost(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    notebook["metadata"] = {}


def metadata_and_ids_lost(notebook):
    metadata_lost(notebook)
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]


def no_outputs(notebook):
    for cell in notebook["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def outputs_null(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = None


def widgets_without_state(notebook):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"0a1b": {}}}
    notebook["metadata"]["colab"] = {"provenance": []}


def cells_deleted(notebook):
    keep = [cell for cell in notebook["cells"] if not cell["id"].startswith(("test-", "check-"))]
    notebook["cells"] = keep


def tests_edited(notebook):
    for cell in _graded(notebook):
        if cell["id"].startswith("test-"):
            cell["source"] = "print(10)"
            cell["metadata"]["nbgrader"]["points"] = 1000


def ids_repeated(notebook):
    for cell in notebook["cells"]:
        cell["id"] = "same"


def outputs_odd(notebook):
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            cell["outputs"] = (5, [3], [{"output_type": "x"}], {"a": 1})[number % 4]


def metadata_null(notebook):
    notebook["metadata"] = None


def widgets_null(notebook):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": None}


def ids_odd(notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = [number]


def schema_old(notebook):
    for cell in _graded(notebook):
        cell["metadata"]["nbgrader"]["schema_version"] = 1


def in_conflict(data):
    lines = data.decode().replace(', "', ',\n"').split("\n")
    lines[3:3] = ["<<<<<<< HEAD", "=======", '"x": 1,', ">>>>>>> main"]
    return "\n".join(lines).encode()


def another_part(folder):
    other = json.loads((folder / NAME).read_text())
    other["cells"] = [
        {"cell_type": "markdown", "id": f"x{n}", "metadata": {}, "source": f"Other text {n}"}
        for n in range(30)
    ]
    (folder / NAME).write_text(json.dumps(other))


def renamed(folder):
    (folder / NAME).rename(folder / "gan_pytorch (1).ipynb")


def other_case(folder):
    (folder / NAME).rename(folder / "GAN_PyTorch.ipynb")


def absent(folder):
    (folder / NAME).unlink()


def old_format(folder):
    import nbformat

    path = folder / NAME
    notebook = nbformat.read(path, as_version=4)
    nbformat.write(nbformat.convert(notebook, 3), path, version=3)


# The damage, and whether the answer to the first question can still be found.
DAMAGES = {
    "cells_copied": (_edit(cells_copied), True),
    "answer_split": (_edit(answer_split), True),
    "retyped": (_edit(retyped), True),
    "metadata_lost": (_edit(metadata_lost), True),
    "metadata_and_ids_lost": (_edit(metadata_and_ids_lost), True),
    "no_outputs": (_edit(no_outputs), True),
    "outputs_null": (_edit(outputs_null), True),
    "widgets_without_state": (_edit(widgets_without_state), True),
    "cells_deleted": (_edit(cells_deleted), True),
    "tests_edited": (_edit(tests_edited), True),
    "ids_repeated": (_edit(ids_repeated), True),
    "renamed": (renamed, True),
    "other_case": (other_case, True),
    "old_format": (old_format, True),
    "byte_order_mark": (_bytes(lambda data: b"\xef\xbb\xbf" + data), True),
    "outputs_odd": (_edit(outputs_odd), True),
    "metadata_null": (_edit(metadata_null), True),
    "widgets_null": (_edit(widgets_null), True),
    "ids_odd": (_edit(ids_odd), True),
    "schema_old": (_edit(schema_old), True),
    "in_conflict": (_bytes(in_conflict), True),
    "end_cut_off": (_bytes(lambda data: data[:-10]), True),
    "another_part": (another_part, False),
    "empty": (_bytes(lambda data: b""), False),
    "cut_off": (_bytes(lambda data: data[: len(data) // 9]), False),
    "no_notebook": (_bytes(lambda data: b'{"cells": 3}'), False),
    "a_text": (_bytes(lambda data: b"my answers"), False),
    "absent": (absent, False),
}

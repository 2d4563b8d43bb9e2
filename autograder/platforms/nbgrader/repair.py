"""Put a damaged notebook in order, from the released one, so that nbgrader can read and grade it.

Every released cell stands once, in its order, with its own type and metadata. What the student wrote is
found by grade id, else by cell id, else by its text and its place between cells that are known. The
student's own cells stay where they were. Needs nbformat; nothing is run.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

import nbformat

from autograder.platforms.nbgrader.reading import Cell, Notebook

FLAGS = ("grade", "solution", "locked", "task", "points", "schema_version")
OWN = "students-own"  # the beginning of ids of cells that are not released


def damages_of(notebook: Notebook, released: Notebook) -> list[str]:
    """Return what keeps nbgrader from grading a notebook, in words; nothing if it is in order."""
    found = []
    count: dict[str, list[Cell]] = defaultdict(list)
    for cell in notebook["cells"]:
        if name := grade_id(cell):
            count[name].append(cell)
    known = {grade_id(cell): cell for cell in released["cells"] if grade_id(cell)}
    copied = [name for name, cells in count.items() if len(cells) > 1]
    lost = [name for name in known if name not in count]
    strange = [name for name in count if name not in known]
    changed = [
        name
        for name, cells in count.items()
        if name in known and len(cells) == 1 and not _is_same_kind(cells[0], known[name])
    ]
    for what, names in (
        ("cells were copied", copied),
        ("cells are missing or have lost what nbgrader notes in them", lost),
        ("cells are of no such assignment", strange),
        ("cells have another type or other notes of nbgrader's", changed),
    ):
        if names:
            found.append(f"{what} ({', '.join(names)})")
    if split := [name for name in known if name in count and _is_split(name, notebook, released)]:
        found.append(f"answers go on in the next cell ({', '.join(split)})")
    widgets = notebook["metadata"].get("widgets", {})
    every = widgets.values() if isinstance(widgets, dict) else [widgets]
    if not all(isinstance(one, dict) and "state" in one for one in every):
        found.append("its widgets have no state")
    ids = [cell.get("id") for cell in notebook["cells"]]
    if len(set(ids)) != len(ids) and None not in ids:
        found.append("cells have the same id")
    if not found and (problem := _invalid(notebook)):
        found.append(f"it is not a valid notebook ({problem})")
    return found


def grade_id(cell: Cell) -> str:
    """Return the name by which nbgrader knows a cell; "" if it does not."""
    note = cell["metadata"].get("nbgrader")
    name = note.get("grade_id") if isinstance(note, dict) else None
    return name if isinstance(name, str) else ""


def _is_same_kind(cell: Cell, known: Cell) -> bool:
    mine, right = cell["metadata"]["nbgrader"], known["metadata"]["nbgrader"]
    same = all(mine.get(flag) == right.get(flag) for flag in FLAGS)
    return same and cell["cell_type"] == known["cell_type"]


def _is_split(name: str, notebook: Notebook, released: Notebook) -> bool:
    """Tell whether text of the student's own follows the cell for a written answer."""
    cells = notebook["cells"]
    at = next(place for place, cell in enumerate(cells) if grade_id(cell) == name)
    if cells[at]["cell_type"] != "markdown" or not _is_answer(cells[at]) or at + 1 == len(cells):
        return False
    behind = cells[at + 1]
    given = {_text(cell) for cell in released["cells"]}
    own = not grade_id(behind) and _text(behind) not in given and bool(_text(behind))
    return own and behind["cell_type"] == "markdown"


def _invalid(notebook: Notebook) -> str:
    try:
        nbformat.validate(nbformat.from_dict(copy.deepcopy(notebook)), relax_add_props=True)
    except nbformat.ValidationError as problem:
        return str(problem).splitlines()[0][:100]
    except Exception as problem:  # what is no notebook may fail anywhere
        return type(problem).__name__
    return ""


def repaired(notebook: Notebook | None, released: Notebook) -> Notebook:
    """Return the released notebook with what the student wrote, if there is anything of it."""
    mine = notebook["cells"] if notebook is not None else []
    places = _matched(mine, released["cells"])
    answers = _answers(mine, places, released["cells"])
    used = {place for found in answers.values() for place in found} | set(places.values())
    by_place = {place: number for number, place in places.items()}
    own: dict[int, list[Cell]] = defaultdict(
        list
    )  # of the student's, by the released cell before them
    last = -1
    for place, cell in enumerate(mine):
        last = by_place.get(place, last)
        if place not in used and not grade_id(cell) and _text(cell):
            own[last].append(_own(cell))
    cells = own[-1]
    for number, original in enumerate(released["cells"]):
        cell = copy.deepcopy(original)
        if number in places:
            _fill(cell, mine[places[number]], original)
        if number in answers:
            texts = [mine[place]["source"] for place in answers[number]]
            cell["source"] = "\n\n".join(dict.fromkeys(texts)) or original["source"]
        cells += [cell, *own[number]]
    made = {**copy.deepcopy(released), "cells": list(_with_ids(cells))}
    return {**made, "nbformat": 4, "nbformat_minor": 5}


def _answers(
    mine: Sequence[Cell], places: Mapping[int, int], cells: Sequence[Cell]
) -> dict[int, list[int]]:
    """Return for each cell that students fill in the places of what they wrote.

    A text may be in several cells: the one that is known, if one is, and what follows it up to the next
    known one. Of code, the first is taken; the rest stays where it is, as cells of their own.
    """
    found = {}
    for number, original in enumerate(cells):
        if not _is_answer(original):
            continue
        start = places.get(number, max((places[n] for n in places if n < number), default=-1))
        end = min((p for n, p in places.items() if p > start), default=len(mine))
        there = [p for p in range(start + 1, end) if not grade_id(mine[p])]
        kinds = ("code",) if original["cell_type"] == "code" else ("markdown", "raw")
        there = [p for p in there if _text(mine[p]) and mine[p]["cell_type"] in kinds]
        if number in places and _text(mine[start]) != _text(original):
            there.insert(0, start)
        if there:
            found[number] = there if original["cell_type"] == "markdown" else there[:1]
    return found


def _matched(mine: Sequence[Cell], cells: Sequence[Cell]) -> dict[int, int]:
    """Return for released cells, by number, the place of the student's that it is."""
    found: dict[int, int] = {}
    free = set(range(len(mine)))

    def take(number: int, places: Sequence[int]) -> None:
        changed = [p for p in places if _text(mine[p]) != _text(cells[number])]
        best = [*(changed if _is_answer(cells[number]) else []), *places]
        if best and number not in found:
            found[number] = best[0]
            free.difference_update(places)

    for key in (grade_id, _id, _text):
        places = defaultdict(list)
        for place in sorted(free):
            if name := key(mine[place]):
                places[name].append(place)
        for number, cell in enumerate(cells):
            if key is _text and _is_answer(cell):
                continue  # many answers begin with the same words; it lies between what is known
            if number not in found and (name := key(cell)) and places.get(name):
                take(number, places[name])
    return found


def _id(cell: Cell) -> str:
    return str(cell.get("id") or "")


def _text(cell: Cell) -> str:
    return str(cell["source"]).strip()


def _is_answer(cell: Cell) -> bool:
    note = cell["metadata"].get("nbgrader")
    return isinstance(note, dict) and bool(note.get("solution"))


def _fill(cell: Cell, theirs: Cell, original: Cell) -> None:
    """Take over what the student may change in a cell: text, unless it is locked, and outputs."""
    note = original["metadata"].get("nbgrader", {})
    if not note.get("locked"):
        cell["source"] = theirs["source"]
    if cell["cell_type"] == "code" and not note.get("grade"):
        outputs = theirs.get("outputs")
        given = outputs if isinstance(outputs, list) else []
        cell["outputs"] = [one for one in given if _is_output(one)]
        count = theirs.get("execution_count")
        cell["execution_count"] = count if type(count) is int else None


def _is_output(one: object) -> bool:
    try:
        nbformat.validate(
            nbformat.v4.new_notebook(
                cells=[nbformat.v4.new_code_cell("", outputs=[nbformat.from_dict(one)])]
            )
        )
    except Exception:  # an output that no reader takes is left out
        return False
    return True


def _own(cell: Cell) -> Cell:
    """Return a cell of the student's own as a valid one, without notes of nbgrader's."""
    made: Cell = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
    if cell["cell_type"] == "code":
        made |= {"execution_count": None, "outputs": []}
        _fill(made, cell, {"metadata": {}})
    return made


def _with_ids(cells: Sequence[Cell]) -> Iterator[Cell]:
    own = 0
    for cell in cells:
        if "id" not in cell:
            own += 1
            cell = {**cell, "id": f"{OWN}-{own}"}
        yield cell


def likeness(notebook: Notebook, released: Notebook) -> float:
    """Return how much of the released notebook is in another, between 0 and 1.

    1 if it holds a cell that nbgrader knows by a name of the released one's own.
    """
    ids = [{grade_id(cell) for cell in one["cells"]} - {""} for one in (notebook, released)]
    if len(ids[0] & ids[1]) > len(ids[1]) / 2:
        return 1.0
    texts = [[_text(cell) for cell in one["cells"]] for one in (notebook, released)]
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same / max(len(texts[1]), 1)

"""Give a group of a graded class a sentence, and judge the class again with it."""

from __future__ import annotations

from pathlib import Path

from autograder import parts
from autograder.batch.explained import Explanations
from autograder.batch.groups import Group, groups
from autograder.batch.store import Store
from autograder.batch.turns import NAMING, turn
from autograder.errors import AutograderError
from autograder.judging import named
from autograder.outputs import read_npz
from autograder.parts import Part
from autograder.results import Result


def groups_of(folder: Path) -> list[tuple[Part, Group]]:
    """Return the groups of a graded class without a name, part by part, the largest first.

    Raises AnswersError if no class was graded into the folder.
    """
    found = []
    for store in Store(folder).parts():
        part = parts.get(store.read_class().part)
        found += [(part, group) for group in groups(part, results_of(store), store.outputs)]
    return found


def name_group(folder: Path, id: str, says: str) -> tuple[Part, int]:
    """Store a sentence for a group, or another one for a mistake that was named before.

    Returns the part and how many students of this class it concerns; 0 if it was named before. The
    results change when the class is judged again.

    Raises AutograderError if there is no such group, or the sentence is empty or too long.
    """
    stores = Store(folder).parts()
    try:
        with turn(folder, NAMING):
            return _name(folder, stores, id, says)
    except ValueError as problem:
        raise AutograderError(str(problem)) from problem


def _name(folder: Path, stores: list[Store], id: str, says: str) -> tuple[Part, int]:
    for store in stores:
        part = parts.get(store.read_class().part)
        for group in groups(part, results_of(store), store.outputs):
            if group.id == id:
                write_group(store, part, group, says)
                return part, len(group.members)
        if named.rename(part, id, says) or _reworded(store, part, id, says):
            return part, 0
    raise AutograderError(
        f"{id}: no group and no named mistake; list them: autograder name {folder}"
    )


def write_group(store: Store, part: Part, group: Group, says: str) -> None:
    """Store a sentence for what the first member's function showed; raise ValueError if it is none."""
    answers, _ = read_npz(part.answers)
    shown = store.outputs(group.members[0])
    named.write_name(part, group.id, group.function, says, group.checks, shown, answers)


def remove_name(folder: Path, id: str) -> Part:
    """Forget a named mistake; raise AutograderError if there is none."""
    stores = Store(folder).parts()
    with turn(folder, NAMING):
        for store in stores:
            part = parts.get(store.read_class().part)
            if named.remove(part, id) or _reworded(store, part, id, ""):
                return part
    raise AutograderError(f"{id}: no mistake was named so")


def _reworded(store: Store, part: Part, id: str, says: str) -> bool:
    """Give what the search explained another sentence, or none; return False if it is not that."""
    return Explanations.of(store.folder, part).change(id, says)


def results_of(store: Store) -> dict[str, Result]:
    """Return the complete results of a class for one part, by the students' keys."""
    results = {}
    for key in store.finished():
        result, _ = store.result(key)
        if result is not None:
            results[key] = result
    return results

"""All edits that students are known to make, at every place of a function: what the search composes.

    found = edits(source_of_the_function)              # mistake.edit_of gives those of the list
    once = found[3].source(source)                     # one edit
    twice = Both(found[3], found[7]).source(source)    # two; ClashError if they exclude each other

Each edit keeps its place when another one has changed the function before it, and tells its sentence
with the place of the solution. A sentence names what the student wrote, never a line of the solution.
"""

from __future__ import annotations

from autograder.operators.edits import Edit
from autograder.operators.layers import layer_edits
from autograder.operators.losses import formula_edits
from autograder.operators.numbers import number_edits
from autograder.operators.steps import step_edits
from autograder.operators.trees import write
from autograder.operators.view import view

FAMILIES = (layer_edits, formula_edits, step_edits, number_edits)


def edits(source: str) -> list[Edit]:
    """Return every edit of one function's source; of several that give the same source, the first.

    With markers of a solution in the source, only what stands between them is edited.
    """
    seen = view(source)
    found: dict[str, Edit] = {}
    unchanged = write(seen.tree)
    for family in FAMILIES:
        for edit in family(seen):
            changed = write(edit.apply(seen.tree))
            if changed != unchanged:
                found.setdefault(changed, edit)
    return list(found.values())

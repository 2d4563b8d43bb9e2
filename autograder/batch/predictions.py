"""Keep what a class predicted beside its results: DIR/predictions.json, by student and experiment."""

from __future__ import annotations

import json
from collections.abc import Mapping

from autograder.batch.store import Store
from autograder.files import write_bytes
from autograder.handins.layouts.entry import Entry
from autograder.handins.predictions import predictions_in
from autograder.handins.roster import Roster
from autograder.parts import Part

NAME = "predictions.json"
MODULE = "ablations"  # a part with this module asks for predictions

Predictions = Mapping[str, Mapping[str, str]]


def keep_predictions(store: Store, roster: Roster, part: Part) -> None:
    """Read every hand-in's predictions, if the part asks for any, and store them."""
    if MODULE not in part.modules:
        return
    found = {entry.key: _of(entry) for entry in roster.entries}
    made = {key: letters for key, letters in found.items() if letters}
    path = store.folder / NAME
    if made:
        write_bytes(path, f"{json.dumps(made, indent=1, sort_keys=True)}\n".encode())
    else:
        path.unlink(missing_ok=True)


def predictions_of(store: Store) -> Predictions:
    """Return what is stored; nothing if nobody predicted anything or the file cannot be read."""
    try:
        stored = json.loads((store.folder / NAME).read_bytes())
        return {str(key): {str(n): str(a) for n, a in one.items()} for key, one in stored.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _of(entry: Entry) -> dict[str, str]:
    try:
        return predictions_in(entry.open().tree.sources)
    except Exception:  # one student's problem costs nobody else; grading tells what it is
        return {}

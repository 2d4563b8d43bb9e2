"""Judge stored outputs again: a fixed check regrades a class in seconds, and runs no student code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder import grading, outputs, parts
from autograder.batch.publish import replace_results
from autograder.batch.store import RESULTS, Store
from autograder.errors import AnswersError
from autograder.judging.scoring import Judge
from autograder.results import Result

RESULT = "result.json"


@dataclass(frozen=True, slots=True)
class Change:
    """One result before and after."""

    folder: Path
    before: Result | None
    after: Result

    @property
    def changed(self) -> bool:
        """Whether any check went another way, or says something else."""
        return self.before is None or self.before.checks != self.after.checks

    def line(self) -> str:
        """Say in one line what became of the score, and through which checks."""
        score = f"{self.after.score:g}/{self.after.max_score:g}"
        if self.before is None:
            return f"{self.folder}: {score} (no result was stored)"
        if not self.changed:
            return f"{self.folder}: {score}"
        old = {check.name: check for check in self.before.checks}
        names = [check.name for check in self.after.checks if old.get(check.name) != check]
        return f"{self.folder}: {self.before.score:g} -> {score} ({', '.join(names)})"


def rescore(
    folder: Path, tell: Callable[[int, int], None] = lambda done, total: None
) -> list[Change]:
    """Judge every outputs.npz at or below a folder; write nothing.

    Arguments:
        tell: is called with how many are judged, and of how many.

    Raises AnswersError if there is none, or if one cannot be read.
    """
    top = folder / RESULTS if Store(folder).is_class else folder
    paths = sorted(top.rglob("outputs.npz"))
    if not paths:
        raise AnswersError(f"{folder}: holds no outputs.npz; grade first")
    changes = []
    with ExitStack() as stack:
        judges: dict[str, Judge] = {}
        for number, path in enumerate(paths, 1):
            stored = outputs.load(path)
            if stored.part not in judges:
                judge = Judge.for_staff(parts.get(stored.part))
                judges[stored.part] = stack.enter_context(judge)
            before = _read(path.with_name(RESULT))
            label = before.submission if before else path.parent.name
            after = grading.result(judges[stored.part], stored, label)
            changes.append(Change(path.parent, before, after))
            tell(number, len(paths))
    return changes


def write(folder: Path, changes: Sequence[Change]) -> None:
    """Write the results that changed, and the pages and the gradebook of a class."""
    store = Store(folder)
    if store.is_class:
        replace_results(store, {c.folder.name: c.after for c in changes if c.changed})
        return
    for change in changes:
        if change.changed:
            change.after.save(change.folder / RESULT)


def _read(path: Path) -> Result | None:
    return Result.from_json(path.read_text(encoding="utf-8")) if path.exists() else None

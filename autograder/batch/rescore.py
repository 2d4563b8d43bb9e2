"""Judge stored outputs again: after a fix in a check, this takes seconds and runs no student code."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder import grading, outputs, parts
from autograder.batch.course import publish_course
from autograder.batch.publish import replace_results
from autograder.batch.store import RESULTS, Store
from autograder.errors import AnswersError, reason
from autograder.judging.scoring import Judge
from autograder.parts import Part
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
        """Whether any check has another status, score or message."""
        return self.before is None or self.before.checks != self.after.checks

    def line(self) -> str:
        """Return one line with the score before and after, and the checks that changed."""
        score = f"{self.after.score:g}/{self.after.max_score:g}"
        if self.before is None:
            return f"{self.folder}: {score} (no result was stored)"
        if not self.changed:
            return f"{self.folder}: {score}"
        old = {check.name: check for check in self.before.checks}
        names = [check.name for check in self.after.checks if old.get(check.name) != check]
        return f"{self.folder}: {self.before.score:g} -> {score} ({', '.join(names)})"


def rescore(
    folder: Path,
    tell: Callable[[int, int], None] = lambda done, total: None,
    failed: Callable[[Path, str], None] | None = None,
) -> list[Change]:
    """Judge every outputs.npz at or below a folder; write nothing.

    Arguments:
        tell: called with how many are judged so far, and how many there are.
        failed: called with a folder that cannot be read or judged, and the reason. The folder does not
            change, and the others are judged. Without `failed`, the first such failure is raised.

    Raises AnswersError if there are none, or if a part's answers cannot be read.
    """
    store = Store(folder)
    tops = [one.folder / RESULTS for one in store.parts()] if store.is_class else [folder]
    paths = sorted(path for top in tops for path in top.rglob("outputs.npz"))
    if not paths:
        raise AnswersError(f"{folder}: holds no outputs.npz; grade first")
    changes = []
    with ExitStack() as stack:
        judges: dict[str, Judge] = {}

        def judge_of(part: Part) -> Judge:
            if part.name not in judges:
                judges[part.name] = stack.enter_context(Judge.for_staff(part))
                judges[part.name].suite.require_collected()
            return judges[part.name]

        for number, path in enumerate(paths, 1):
            try:
                stored, before = outputs.load(path), _read(path.with_name(RESULT))
                part = parts.get(stored.part)
            except Exception as problem:
                _tell_or_raise(path.parent, problem, failed)
                tell(number, len(paths))
                continue
            judge = judge_of(part)  # a failure here is the staff's, and ends the run
            try:
                label = before.submission if before else path.parent.name
                changes.append(Change(path.parent, before, grading.result(judge, stored, label)))
            except Exception as problem:
                _tell_or_raise(path.parent, problem, failed)
            tell(number, len(paths))
    return changes


def write(folder: Path, changes: Sequence[Change]) -> dict[str, str]:
    """Write the results that changed, and the pages and the gradebook of a class.

    Returns the reasons why results could not be written, by the names of the folders.
    """
    store = Store(folder)
    if store.is_class:
        failures: dict[str, str] = {}
        for one in store.parts():
            own = {
                c.folder.name: c.after
                for c in changes
                if c.changed and c.folder.parent == one.folder / RESULTS
            }
            failures |= replace_results(one, own)
        if store.read_class().parts:
            with store.opened():
                publish_course(store)
        return failures
    for change in changes:
        if change.changed:
            change.after.save(change.folder / RESULT)
    return {}


def _tell_or_raise(
    folder: Path, problem: Exception, failed: Callable[[Path, str], None] | None
) -> None:
    if failed is None:
        raise problem
    text = reason(problem)
    failed(folder, text.removeprefix(f"{folder}: ").removeprefix(f"{folder}{os.sep}"))


def _read(path: Path) -> Result | None:
    try:
        return Result.from_json(path.read_bytes()) if path.exists() else None
    except AnswersError as problem:
        raise AnswersError(f"{path}: {problem}; grade it again") from problem

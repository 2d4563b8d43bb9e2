"""Judge stored outputs again: after a fix in a check, this takes seconds and runs no student code."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from autograder import grading, outputs, parts
from autograder.batch.course import publish_course
from autograder.batch.explained import Explanations
from autograder.batch.publish import replace_results
from autograder.batch.store import RESULTS, Store
from autograder.batch.turns import JUDGING, turn
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

    @property
    def difference(self) -> float:
        """By how many points the result changes; all of them if none was stored."""
        return self.after.score - (self.before.score if self.before else 0.0)

    @property
    def names(self) -> list[str]:
        """The checks that changed; none if no result was stored."""
        old = {check.name: check for check in self.before.checks} if self.before else {}
        return [c.name for c in self.after.checks if self.before and old.get(c.name) != c]


def alone(folder: Path) -> AbstractContextManager[None]:
    """Wait until nobody else judges a class again: what one of them reads, no other one replaces."""
    return turn(folder, JUDGING) if Store(folder).is_class else nullcontext()


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
        explained: dict[Path, Explanations] = {}

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
                after = grading.result(judge, stored, label)
                if path.parent.parent in tops:
                    top = path.parent.parent.parent
                    if top not in explained:
                        explained[top] = Explanations.of(top, part)
                    after = explained[top].tell(after, stored)
                changes.append(Change(path.parent, before, after))
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

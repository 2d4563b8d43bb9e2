"""The progress of a run over a class, and its summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    `kept` counts results of an earlier run that are still valid. `doing` says what is done after the
    last submission was graded.
    """

    total: int
    kept: int = 0
    graded: int = 0
    failed: int = 0
    doing: str = ""

    @property
    def done(self) -> int:
        return self.kept + self.graded + self.failed


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    `failures` are the grader's own, by student, never a student's fault. `unplaced` says who has points
    that a platform's own table does not take, one sentence each. `unexplained` says where the search
    for explanations failed.
    """

    progress: Progress
    failures: Mapping[str, str]
    unplaced: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()

"""How far a run over a class is, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `kept` are results of an earlier run that still hold."""

    total: int
    kept: int = 0
    graded: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        return self.kept + self.graded + self.failed


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did; `failures` are the grader's own, by student, and never a student's fault."""

    progress: Progress
    failures: Mapping[str, str]

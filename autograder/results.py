"""What one submission earned: records, to and from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import AnswersError
from autograder.files import write_bytes


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check went.

    Attributes:
        name: the check's name; unique in its part.
        title: the line that the student reads.
        score, max_score: points.
        status: "passed"; "failed" (judged and lost); "error" (the student's code raised, hung, or
            crashed); "skipped" (nothing to judge: the function is still a stub, or not there).
        message: what went wrong and what to try, or a remark where the check passed.
        mistake: the id of the recorded mistake that the output matches.
        visibility: "public" checks are also in students' hands, "hidden" ones are not.
        function: the student's function that it judges.
        figure: what the check measured, as a leaderboard calls it; empty where it measures nothing.
        measured: that number, finite, the less the better; None where there was nothing to measure.
    """

    name: str
    title: str
    score: float
    max_score: float
    status: str
    message: str = ""
    mistake: str | None = None
    visibility: str = "hidden"
    function: str = ""
    figure: str = ""
    measured: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one submission earned in one part, and under which circumstances.

    Attributes:
        environment: versions of Python, torch, NumPy and the engine.
        isolation: the layers of confinement that were in force.
        notes: remarks about the submission as a whole.
        seconds: wall time of running the student's code.
    """

    part: str
    submission: str
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    isolation: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> str:
        """Return the result as JSON text, one key a line."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Read what `to_json` wrote; raise AnswersError if it is something else."""
        try:
            data: dict[str, Any] = json.loads(text)
            checks = tuple(CheckResult(**check) for check in data.pop("checks"))
            for key in ("isolation", "notes"):
                data[key] = tuple(data[key])
            return cls(checks=checks, **data)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise AnswersError(f"not a result file: {problem}") from problem

    def save(self, path: Path) -> None:
        """Write the JSON, whole or not at all."""
        write_bytes(path, self.to_json().encode())

"""What one submission earned: records, to and from JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import AnswersError
from autograder.files import write_bytes

STATUSES = ("passed", "failed", "error", "skipped")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check went.

    Attributes:
        name: the check's name; unique in its part.
        title: the line that the student reads.
        score, max_score: points.
        status: "passed"; "failed" (judged and lost); "error" (the student's code raised, hung, or
            crashed); "skipped" (nothing to judge: the function is still a stub, or not there).
        message: what went wrong and what to try, or a remark if the check passed.
        mistake: the id of the recorded mistake that the output matches.
        visibility: "public" (students have the check too) or "hidden".
        function: the student's function that it judges.
        figure: the leaderboard's name for what the check measures; empty if it measures nothing.
        measured: the number measured, finite, lower is better; None if there was nothing to measure.
        suspicion: why the figure does not count; for staff alone. It takes no points.
        withheld: passed, but it counts only beside another check of the function, which was lost.
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
    withheld: bool = False
    suspicion: str = ""

    def __post_init__(self) -> None:
        """Raise TypeError or ValueError for a record that no report could show."""
        _require_texts(
            self, "name", "title", "message", "visibility", "function", "figure", "suspicion"
        )
        _require_numbers(
            self, "score", "max_score", *(["measured"] if self.measured is not None else [])
        )
        if self.status not in STATUSES:
            raise ValueError("status is not one of " + ", ".join(STATUSES))
        if not isinstance(self.mistake, (str, type(None))) or not isinstance(self.withheld, bool):
            raise TypeError("mistake or withheld is of another type")


@dataclass(frozen=True, slots=True)
class Result:
    """What one submission earned in one part, and how it was run.

    Attributes:
        environment: versions of Python, torch, NumPy and the engine.
        isolation: the layers of isolation that were in force.
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

    def __post_init__(self) -> None:
        """Raise TypeError or ValueError for a record that no report could show."""
        _require_texts(self, "part", "submission")
        _require_numbers(self, "score", "max_score", "seconds")
        texts = (*self.isolation, *self.notes, *self.environment, *self.environment.values())
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("isolation, notes and environment hold texts")

    def to_json(self) -> str:
        """Return the result as JSON text, one key per line."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Result:
        """Read what `to_json` or `to_bytes` wrote; raise AnswersError if it is something else."""
        try:
            data: dict[str, Any] = json.loads(text if isinstance(text, str) else text.decode())
            checks = tuple(CheckResult(**check) for check in data.pop("checks"))
            for key in ("isolation", "notes"):
                if not isinstance(data[key], list):
                    raise TypeError(f"{key} is not a list")
                data[key] = tuple(data[key])
            return cls(checks=checks, **data)
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            OverflowError,
            RecursionError,
        ) as problem:
            raise AnswersError(f"not a result file: {problem}") from problem

    @property
    def suspicions(self) -> list[str]:
        """What staff should look at by hand, each text once."""
        return list(dict.fromkeys(check.suspicion for check in self.checks if check.suspicion))

    def to_bytes(self) -> bytes:
        """Return the JSON in UTF-8; surrogates, which a name may hold, are escaped."""
        return self.to_json().encode(errors="backslashreplace")

    def save(self, path: Path) -> None:
        """Write the JSON, whole or not at all."""
        write_bytes(path, self.to_bytes())


def _require_texts(record: CheckResult | Result, *names: str) -> None:
    for name in names:
        if not isinstance(getattr(record, name), str):
            raise TypeError(f"{name} is not text")


def _require_numbers(record: CheckResult | Result, *names: str) -> None:
    for name in names:
        value = getattr(record, name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} is not a number")
        if not math.isfinite(value):
            raise ValueError(f"{name} is not finite")

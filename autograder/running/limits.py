"""How much time and memory a submission may use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.parts import Part


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. A right solution needs about a tenth of a second per probe."""

    load_seconds: float = 20.0
    probe_seconds: float = 10.0
    total_seconds: float = 120.0
    memory: int = 4 << 30  # bytes on top of what torch itself maps

    @classmethod
    def usual(cls, part: Part) -> Limits:
        """Return a part's default limits."""
        return TRAINING if part.trains else cls()

    @staticmethod
    def longest(of: Iterable[Limits]) -> Limits:
        """Return the ones with the most seconds, which workers for several parts get."""
        return max(of, key=lambda one: one.total_seconds)

    @classmethod
    def within(cls, total_seconds: float) -> Limits:
        """Return limits for a total; a file that never ends loading leaves half of it for grading."""
        usual = cls()
        return cls(
            min(usual.load_seconds, total_seconds / 2),
            min(usual.probe_seconds, total_seconds / 2),
            total_seconds,
        )


TRAINING = Limits(probe_seconds=180.0, total_seconds=400.0)  # a right one needs 20 s a pair

"""How much time and memory a submission may use.

The kernel limits each process: the memory that it maps, and its processor time. In addition, about
every 50 ms, the zygote adds up what a submission uses with all that it started, with the same limits:
memory of its processes, shared memory, page tables, files in a room's /tmp and /dev/shm (outside a
room, in /dev/shm); processor time; and 64 processes and threads. Memory that a process got from its
parent, and that neither has changed, counts once for each. There are no memfds and no System V
segments. In a room without /proc, and on macOS, nothing is added up: only the kernel's limits hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.parts import Part


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. A correct one needs about a tenth of a second per probe."""

    load_seconds: float = 20.0
    probe_seconds: float = 10.0
    total_seconds: float = 120.0
    memory: int = 4 << 30  # bytes, on top of what torch itself maps

    @classmethod
    def usual(cls, part: Part) -> Limits:
        """Return a part's default limits."""
        return TRAINING if part.trains else cls()

    @staticmethod
    def longest(of: Iterable[Limits]) -> Limits:
        """Return the limits with the most seconds, for workers that serve several parts."""
        return max(of, key=lambda one: one.total_seconds)

    @classmethod
    def within(cls, total_seconds: float) -> Limits:
        """Return limits for a total; loading and each probe may use half of it at most."""
        usual = cls()
        return cls(
            min(usual.load_seconds, total_seconds / 2),
            min(usual.probe_seconds, total_seconds / 2),
            total_seconds,
        )


TRAINING = Limits(probe_seconds=180.0, total_seconds=400.0)  # a correct pair of networks needs 20 s

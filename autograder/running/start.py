"""Choose the kind of workers for this machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from autograder.parts import Part
from autograder.running.forked import ForkedWorkers
from autograder.running.fresh import FreshWorkers
from autograder.running.limits import Limits
from autograder.running.protocol import Workers


def can_fork() -> bool:
    """Return whether a process that has imported torch can be forked safely here."""
    return sys.platform == "linux"


def start(
    parts: Sequence[Part],
    isolation: str = "auto",
    preload: Sequence[str] = ("torch", "numpy"),
    limits: Limits | None = None,
) -> Workers:
    """Start what runs submissions on this machine; close it when done.

    Arguments:
        parts: the parts whose probes the workers run.
        isolation: "auto" (every available wall), "strict" (all walls, or an error), "none".
        preload: packages to import before any submission comes.
        limits: what one submission may use.
    """
    kind = ForkedWorkers if can_fork() else FreshWorkers
    return kind(parts, isolation, preload, limits)

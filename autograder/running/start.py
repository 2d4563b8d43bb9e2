"""Which kind of workers this machine can have."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from autograder.parts import Part
from autograder.running.forked import ForkedWorkers
from autograder.running.fresh import FreshWorkers
from autograder.running.limits import Limits
from autograder.running.protocol import Workers


def can_fork() -> bool:
    """Tell whether a process that has imported torch can be forked safely here."""
    return sys.platform == "linux"


def start(
    parts: Sequence[Part],
    isolation: str = "auto",
    preload: Sequence[str] = ("torch", "numpy"),
    limits: Limits | None = None,
) -> Workers:
    """Start what runs submissions on this machine; close it when done.

    Arguments:
        parts: whose probes the workers are asked.
        isolation: "auto" (every wall that there is), "strict" (all walls or an error), "none".
        preload: packages to import before any submission comes.
    """
    kind = ForkedWorkers if can_fork() else FreshWorkers
    return kind(parts, isolation, preload, limits)

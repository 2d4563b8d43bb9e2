"""How long a worker may still take."""

from __future__ import annotations

import time

from autograder.running.protocol import Worker


class Clock:
    """Seconds that a worker could use: waiting for a busy processor is not held against it.

    Beside a submission that floods the machine with threads, a right one takes ten times as long. The
    kernel counts how long a process was ready to run and did not. That time is given back, up to an
    allowance: a flood delays its own process too.
    """

    LEAST = 0.01  # seconds worth asking for again

    def __init__(self, allowance: float) -> None:
        self._left = allowance
        self._given = self._seen = 0.0
        self._worker: Worker | None = None

    def watch(self, worker: Worker) -> None:
        """Follow another worker."""
        self._worker, self._seen = worker, 0.0

    def now(self) -> float:
        """Return seconds since some moment, without those given back."""
        return time.monotonic() - self._given

    def give_back(self) -> bool:
        """Set the clock back by what the worker waited since the last call; False if by nothing."""
        if self._worker is None:
            return False
        waited = self._worker.waited()
        more = min(waited - self._seen, self._left)
        self._seen = waited
        if more < self.LEAST:
            return False
        self._given += more
        self._left -= more
        return True

"""The time that a worker may still use."""

from __future__ import annotations

import time

from autograder.running.protocol import Worker


class Clock:
    """A worker's clock, which does not count the time that it waited for a busy processor.

    Beside a submission that floods the machine with threads, a correct one takes ten times as long. The
    kernel counts how long a process was ready to run but had no processor. The clock gives that time
    back, up to an allowance, because a flood delays its own process too.
    """

    LEAST = 0.01  # seconds; less is not given back

    def __init__(self, allowance: float) -> None:
        self._left = allowance
        self._given = self._seen = 0.0
        self._worker: Worker | None = None

    def watch(self, worker: Worker) -> None:
        """Watch another worker from now on."""
        self._worker, self._seen = worker, 0.0

    def now(self) -> float:
        """Return the time in seconds, without those given back; only differences have a meaning."""
        return time.monotonic() - self._given

    def give_back(self) -> bool:
        """Set the clock back by what the worker waited since the last call; return whether it did."""
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

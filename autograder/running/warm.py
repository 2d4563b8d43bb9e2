"""Workers that stay warm for many submissions; if they end, new ones are started."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from autograder import outputs, parts
from autograder.errors import AutograderError, SandboxError
from autograder.handins.submission import Submission
from autograder.running import runner
from autograder.running.limits import Limits
from autograder.running.protocol import Workers
from autograder.running.start import start

STARTS = 3  # attempts to run one submission; after that, the grader has failed


@dataclass(frozen=True, slots=True)
class Settings:
    """How submissions are run."""

    part: str
    isolation: str = "auto"
    limits: Limits = field(default_factory=Limits)
    preload: tuple[str, ...] = ("torch", "numpy")


class Warm:
    """Workers that start when first needed, and again if they end. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._part = parts.get(settings.part)
        self._lock = threading.Lock()
        self._workers: Workers | None = None
        self._ended: list[Workers] = []

    def run(self, submission: Submission) -> bytes:
        """Run one submission; return the bytes of its outputs.npz."""
        for attempt in range(1, STARTS + 1):
            workers = self._current()
            try:
                return outputs.dumps(runner.run(workers, submission, self._part))
            except SandboxError:
                raise
            except AutograderError:  # the zygote itself ended: killed, or out of memory
                self._forget(workers)
                if attempt == STARTS:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            for workers in (*self._ended, self._workers):
                if workers is not None:
                    workers.close()
            self._ended, self._workers = [], None

    def _current(self) -> Workers:
        with self._lock:
            if self._workers is None:
                made = self._settings
                self._workers = start([self._part], made.isolation, made.preload, made.limits)
            return self._workers

    def _forget(self, workers: Workers) -> None:
        with self._lock:
            if self._workers is workers:
                self._ended.append(workers)  # closed later: another thread may still read from it
                self._workers = None

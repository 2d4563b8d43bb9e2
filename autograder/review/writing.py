"""Judge a class again in the background, so that whoever names mistakes does not wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.batch import rescore
from autograder.errors import reason


@dataclass(frozen=True, slots=True)
class Written:
    """How it went the last time: how many results changed, and a line for each that could not."""

    changed: int
    failures: tuple[str, ...] = ()


def judge_again(folder: Path) -> Written:
    """Judge what is stored, and write results, pages and the gradebook."""
    failures: dict[str, str] = {}

    def fail(one: Path, why: str) -> None:
        failures[one.name] = why

    try:
        with rescore.alone(folder):
            changes = rescore.rescore(folder, failed=fail)
            failures = {**rescore.write(folder, changes), **failures}
    except Exception as problem:  # the page goes on, and tells it
        return Written(0, (reason(problem),))
    changed = sum(change.changed for change in changes)
    return Written(changed, tuple(f"{one}: {why}" for one, why in failures.items()))


class Writer:
    """Write what was named since the last time: once, however many names that were."""

    def __init__(self, folder: Path, write: Callable[[Path], Written] = judge_again) -> None:
        self._folder = folder
        self._write = write
        self._wake = threading.Condition()
        self._asked = self._done = 0
        self._runs = False
        self.last: Written | None = None

    def ask(self) -> None:
        """Begin to write, or write once more after what runs now."""
        with self._wake:
            self._asked += 1
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="writer", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether something is still to write."""
        return self._done < self._asked

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until all is written, or for some seconds; return whether all is."""
        with self._wake:
            return self._wake.wait_for(lambda: not self.busy, seconds)

    def _run(self) -> None:
        while True:
            with self._wake:
                if not self.busy:
                    self._runs = False
                    return
                target = self._asked
            last = self._write(self._folder)
            with self._wake:
                self.last, self._done = last, target
                self._wake.notify_all()

"""End a statement that runs for too long. Runs in the worker; student code may get around it.

What gets around it costs its own submission: the engine's limit for loading holds all the same.
"""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

LOOK = 0.02  # seconds between two looks at the clock
PATIENCE = 4  # how many times its processor time a statement may take while it waits or sleeps


class OutOfTime(BaseException):
    """A statement has used up its time. No `except Exception` of the student's catches it."""


class Budget:
    """Processor time for several statements: so much for each, and so much for all."""

    def __init__(self, each: float, total: float) -> None:
        self.each = each
        self.left = total

    @property
    def is_spent(self) -> bool:
        """Tell whether nothing is left."""
        return self.left <= 0

    def run(self, action: Callable[[], object]) -> bool:
        """Call a function; return whether it came to its end in time. Raises what it raises."""
        seconds = min(self.each, self.left)
        if seconds <= 0:
            return False
        began = time.process_time()
        try:
            return _limited(action, seconds)
        finally:
            self.left -= time.process_time() - began


def _limited(action: Callable[[], object], seconds: float) -> bool:
    if threading.current_thread() is not threading.main_thread():
        action()  # signals reach the main thread alone
        return True
    if not hasattr(signal, "setitimer"):
        return _limited_by_a_thread(action, seconds)
    processor, clock = time.process_time() + seconds, time.monotonic() + PATIENCE * seconds

    def look(*_: Any) -> None:
        if time.process_time() >= processor or time.monotonic() >= clock:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, look)
    try:
        try:
            # Again and again: a bare `except:` in a loop catches it once.
            signal.setitimer(signal.ITIMER_REAL, min(LOOK, seconds), LOOK)
            action()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except OutOfTime:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return False
    finally:
        signal.signal(signal.SIGALRM, before)
    return True


def _limited_by_a_thread(action: Callable[[], object], seconds: float) -> bool:
    """Do so on Windows, which has no alarms: another thread interrupts this one."""
    late = threading.Event()

    def interrupt() -> None:
        late.set()
        _thread.interrupt_main()

    timer = threading.Timer(PATIENCE * seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        action()
    except KeyboardInterrupt:
        if not late.is_set():
            raise
        return False
    finally:
        timer.cancel()
    return True

"""Let one process, or one thread, at a time change a class's names, or judge the class again.

    DIR/.name.lock        held while a name is compared and written: for milliseconds
    DIR/.rescore.lock     held from the judging of stored outputs to the writing of what changed

So two people who name mistakes of one class lose nothing, whatever each of them uses for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from autograder.errors import AutograderError

NAMING, JUDGING = ".name.lock", ".rescore.lock"
PATIENCE = 300.0  # seconds; a class of 1,000 is judged again in about one minute


@contextmanager
def turn(folder: Path, what: str, patience: float = PATIENCE) -> Iterator[None]:
    """Wait until nobody else does the same in the folder of a graded class; the lock ends with it.

    Raises AutograderError if that takes too long, or the folder cannot be written.
    """
    lock = FileLock(folder / what)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise AutograderError(
            f"{folder}: another run holds {what}; wait for it and try again"
        ) from None
    except OSError as problem:
        raise AutograderError(f"{folder}: cannot be written: {problem.strerror}") from problem
    try:
        yield
    finally:
        lock.release()

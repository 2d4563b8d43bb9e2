"""Run submissions: one by one on this machine, several at once, or on a Dask cluster.

Each kind is a ``concurrent.futures.Executor``. It gets a submission's bytes and returns the bytes of an
outputs.npz; answers, suites and results never leave the machine that judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from autograder.errors import AutograderError
from autograder.handins.submission import Submission
from autograder.running.warm import Settings, Warm

Submit = Callable[[Submission], "Future[bytes]"]


class SerialExecutor(Executor):
    """Run each call at once, in the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call the function; return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as problem:
            future.set_exception(problem)
        return future


@contextmanager
def opened(
    kind: str, workers: int, settings: Settings, scheduler: str | None = None
) -> Iterator[tuple[Submit, int]]:
    """Open an executor; yield what submits to it, and how many submissions it runs at once.

    Arguments:
        workers: submissions at once on this machine; a cluster has its own number.
        scheduler: the address of a Dask scheduler, such as tcp://10.0.0.5:8786, or "gateway:"
            and the name of a Dask Gateway cluster.

    Raises AutograderError if Dask is asked for but is not installed.
    """
    if kind == "dask":
        try:
            from autograder.running import cluster
        except ImportError:
            raise AutograderError(
                "--executor dask needs Dask; install it with `pip install gan-homework[dask]`"
            ) from None
        with cluster.opened(settings, scheduler) as connected:
            yield connected
        return
    executor: Executor = SerialExecutor() if kind == "serial" else ThreadPoolExecutor(workers)
    warm = Warm(settings)
    try:
        yield lambda submission: executor.submit(warm.run, submission), workers
    finally:
        executor.shutdown(cancel_futures=True)
        warm.close()

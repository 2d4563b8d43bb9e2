"""Run submissions somewhere: here one by one, here several at once, or on a Dask cluster.

Each kind is a ``concurrent.futures.Executor``. A submission travels as bytes and comes back as the
bytes of an outputs.npz; answers, suites and results never leave the machine that judges.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder import outputs, parts, runner, spawning
from autograder.errors import AutograderError, SandboxError
from autograder.runner import Limits, Zygote
from autograder.submissions import Submission

GATEWAY = "gateway:"  # before the name of a Dask Gateway cluster
STARTS = 3  # of a zygote for one submission, before that counts as a failure of the grader
Submit = Callable[[Submission], "Future[bytes]"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How submissions are run; equal settings share a zygote."""

    part: str
    isolation: str = "auto"
    limits: Limits = field(default_factory=Limits)
    preload: tuple[str, ...] = ("torch", "numpy")


class Warm:
    """A zygote that is started when first needed and again should it end; shared by threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._part = parts.get(settings.part)
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._ended: list[Zygote] = []

    def run(self, submission: Submission) -> bytes:
        """Run one submission; return the bytes of its outputs.npz."""
        for start in range(1, STARTS + 1):
            zygote = self._current()
            try:
                return outputs.dumps(runner.run(zygote, submission, self._part))
            except SandboxError:
                raise
            except AutograderError:  # the zygote itself ended: killed, or out of memory
                self._forget(zygote)
                if start == STARTS:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End every zygote."""
        with self._lock:
            for zygote in (*self._ended, self._zygote):
                if zygote is not None:
                    zygote.close()
            self._ended, self._zygote = [], None

    def _current(self) -> Zygote:
        with self._lock:
            if self._zygote is None:
                made = self._settings
                self._zygote = spawning.start(
                    [self._part], made.isolation, made.preload, made.limits
                )
            return self._zygote

    def _forget(self, zygote: Zygote) -> None:
        with self._lock:
            if self._zygote is zygote:
                self._ended.append(zygote)  # closed later: another thread may still read from it
                self._zygote = None


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
        workers: submissions at once on this machine; a cluster tells its own number.
        scheduler: the address of a Dask scheduler, such as tcp://10.0.0.5:8786, or "gateway:"
            and the name of a Dask Gateway cluster.

    Raises AutograderError where Dask is asked for and is not there.
    """
    if kind == "dask":
        with _dask(settings, scheduler) as opened_cluster:
            yield opened_cluster
        return
    executor: Executor = SerialExecutor() if kind == "serial" else ThreadPoolExecutor(workers)
    warm = Warm(settings)
    try:
        yield lambda submission: executor.submit(warm.run, submission), workers
    finally:
        executor.shutdown(cancel_futures=True)
        warm.close()


@contextmanager
def _dask(settings: Settings, scheduler: str | None) -> Iterator[tuple[Submit, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise AutograderError(
            "--executor dask needs Dask; install it with `pip install gan-homework[dask]`"
        ) from None
    if not scheduler:
        raise AutograderError("--executor dask needs --scheduler ADDRESS, as in tcp://host:8786")
    if scheduler.startswith(GATEWAY):
        client = _gateway_client(scheduler.removeprefix(GATEWAY))
    else:
        try:
            client = Client(scheduler, timeout=15, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as problem:
            raise AutograderError(
                f"{scheduler}: no Dask scheduler answers ({problem})"
            ) from problem
    with client:
        threads = sum(client.nthreads().values())
        # pure=False: equal submissions are two runs. Dask itself runs the tasks of a lost worker again.
        executor = client.get_executor(pure=False, retries=2)
        try:
            yield lambda s: executor.submit(_run_here, settings, s), max(threads, 1)
        finally:
            executor.shutdown(wait=False)  # cancels what is not done


def _gateway_client(name: str) -> Any:
    """Return a client of a running Dask Gateway cluster, with the gateway's own credentials."""
    try:
        from dask_gateway import Gateway
    except ImportError:
        raise AutograderError(
            "--scheduler gateway:NAME needs `pip install dask-gateway`, as on the hub"
        ) from None
    try:
        return Gateway().connect(name).get_client(set_as_default=False)
    except Exception as problem:  # its own kinds of errors, and those of the network
        raise AutograderError(f"gateway:{name}: cannot be reached ({problem})") from problem


def _run_here(settings: Settings, submission: Submission) -> bytes:
    """Run a submission in a cluster's worker process."""
    return _warm(settings).run(submission)


@functools.lru_cache(maxsize=1)
def _cached(settings: Settings) -> Warm:
    return Warm(settings)


def _warm(settings: Settings, lock: threading.Lock = threading.Lock()) -> Warm:  # noqa: B008
    """Return this process's zygote for the settings, the same in all of its threads."""
    with lock:
        return _cached(settings)

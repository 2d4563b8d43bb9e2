"""Run submissions on a Dask cluster. Needs the package distributed.

Each of the cluster's processes keeps warm workers while a client grades with it. A Dask plugin starts
them, also in processes that join later, and ends them when the client is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from distributed import Client, WorkerPlugin, get_worker

from autograder.errors import AutograderError
from autograder.handins.submission import Submission
from autograder.running.warm import Settings, Warm

GATEWAY = "gateway:"  # before the name of a Dask Gateway cluster


class KeepWarm(WorkerPlugin):
    """Warm workers in one of the cluster's processes, from the first submission on."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.name = name
        self._settings = settings

    def setup(self, worker: Any) -> None:
        """Prepare; no worker starts before there is a submission."""
        self.warm = Warm(self._settings)

    def teardown(self, worker: Any) -> None:
        """End all workers."""
        self.warm.close()


@contextmanager
def opened(
    settings: Settings, scheduler: str | None
) -> Iterator[tuple[Callable[[Submission], Future[bytes]], int]]:
    """Connect to a cluster; yield what submits to it, and how many submissions it runs at once.

    Arguments:
        scheduler: an address such as tcp://10.0.0.5:8786, or "gateway:" and a cluster's name.

    Raises AutograderError if no scheduler answers.
    """
    if not scheduler:
        raise AutograderError("--executor dask needs --scheduler ADDRESS, as in tcp://host:8786")
    name = f"autograder-{uuid.uuid4()}"
    with _client(scheduler) as client:
        client.register_plugin(KeepWarm(settings, name), name=name)
        # pure=False: run equal submissions separately. Dask itself repeats the tasks of a lost worker.
        executor = client.get_executor(pure=False, retries=2)
        try:
            threads = sum(client.nthreads().values())
            yield lambda submission: executor.submit(_run, name, submission), max(threads, 1)
        finally:
            executor.shutdown(wait=False)  # cancels what is not done
            client.unregister_worker_plugin(name)


def _run(plugin: str, submission: Submission) -> bytes:
    """Run a submission in a process of the cluster; return the bytes of its outputs.npz."""
    keeper = get_worker().plugins[plugin]
    assert isinstance(keeper, KeepWarm)
    return keeper.warm.run(submission)


def _client(scheduler: str) -> Client:
    if scheduler.startswith(GATEWAY):
        return _gateway_client(scheduler.removeprefix(GATEWAY))
    try:
        return Client(scheduler, timeout=15, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as problem:
        raise AutograderError(f"{scheduler}: no Dask scheduler answers ({problem})") from problem


def _gateway_client(name: str) -> Client:
    """Return a client of a running Dask Gateway cluster, with the gateway's own credentials."""
    try:
        from dask_gateway import Gateway
    except ImportError:
        raise AutograderError(
            "--scheduler gateway:NAME needs `pip install dask-gateway`, as on the hub"
        ) from None
    try:
        client: Client = Gateway().connect(name).get_client(set_as_default=False)
        return client
    except Exception as problem:  # the gateway has its own errors, the network others
        raise AutograderError(f"gateway:{name}: cannot be reached ({problem})") from problem

"""What every kind of worker offers, so that no other code has to know its kind."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from autograder.running.limits import Limits

Self = TypeVar("Self", bound="Workers")  # typing has it from Python 3.11


class Worker(Protocol):
    """A process that works on one request."""

    @property
    def frames(self) -> socket.socket:
        """Where its frames arrive; closed by `end`."""
        ...

    def waited(self) -> float:
        """Return how many seconds it waited for a processor; 0 on a system that does not count them."""
        ...

    def end(self, wait: float = 0.0) -> str:
        """End it and all that it started; return "exit N", "signal N" or "killed".

        If it was ended earlier because it used too much, return the limit that it exceeded: "memory
        BYTES", "processor SECONDS" or "processes N". It has `wait` seconds to end by itself.
        """
        ...


class Workers(Protocol):
    """Starts workers of one kind, for some parts; close it when done. Threads may share it.

    Creating one returns at once; the first use waits until torch is imported.

    Attributes:
        isolation: "auto" (every available wall), "strict" (all walls, or an error), "none".
        limits: what a submission may use.
    """

    isolation: str
    limits: Limits

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that all workers share; each worker reports all of its own in a frame."""
        ...

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python and of the preloaded packages."""
        ...

    def start(self, request: Mapping[str, Any]) -> Worker:
        """Start a worker on a request; raise AutograderError if none can be started."""
        ...

    def close(self) -> None:
        """End every worker."""
        ...

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

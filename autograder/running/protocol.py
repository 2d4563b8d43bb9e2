"""What every kind of worker offers, so that nothing else has to know which kind it is."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from types import TracebackType
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
        """Return the seconds that it was ready to run and had no processor; 0 where nobody counts."""
        ...

    def end(self, wait: float = 0.0) -> str:
        """End it and all that it started; return "exit N", "signal N" or "killed".

        `wait` is how many seconds it may take to end by itself.
        """
        ...


class Workers(Protocol):
    """Starts workers, of one kind, for some parts; close it when done. May be shared by threads.

    Creating one returns at once; the first use waits until torch is imported.

    Attributes:
        isolation: "auto" (every wall that there is), "strict" (all walls or an error), "none".
        limits: what a submission may use.
    """

    isolation: str
    limits: Limits

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers in force for every worker alike; each worker tells its own ones besides."""
        ...

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python and of the preloaded packages."""
        ...

    def start(self, request: Mapping[str, Any]) -> Worker:
        """Start a worker on a request; raise AutograderError where none can be had."""
        ...

    def close(self) -> None:
        """End every worker."""
        ...

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

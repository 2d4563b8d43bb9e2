"""Let a `DataLoader` with workers load in the process itself. Runs in the worker.

A submission computes in one process with one core; loaders' workers would be processes of their own,
which start slowly, and may hang where little memory is shared. What a loader yields stays the same.
"""

from __future__ import annotations

import functools
import inspect
import sys
from dataclasses import dataclass
from typing import Any

# What a loader accepts only with workers, and what it has without.
ONLY_WITH_WORKERS: dict[str, Any] = {
    "prefetch_factor": None,
    "persistent_workers": False,
    "multiprocessing_context": None,
    "timeout": 0,
    "in_order": True,
}


@dataclass
class Served:
    """Whether a loader with workers was made."""

    used: bool = False


def install() -> Served:
    """Let all loaders of this process do without workers; return what tells whether one had some."""
    served = Served()
    torch = sys.modules.get("torch")
    if torch is None:
        return served
    kind = torch.utils.data.DataLoader
    make = kind.__init__
    signature = inspect.signature(make)

    @functools.wraps(make)
    def without_workers(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            given = signature.bind(self, *args, **kwargs)
        except TypeError:
            make(self, *args, **kwargs)  # raises what it raises
            return
        workers = given.arguments.get("num_workers", 0)
        if isinstance(workers, int) and workers > 0:
            served.used = True
            given.arguments["num_workers"] = 0
            for name, value in ONLY_WITH_WORKERS.items():
                if name in given.arguments:
                    given.arguments[name] = value
        make(*given.args, **given.kwargs)

    kind.__init__ = without_workers
    return served

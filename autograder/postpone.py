"""Postpone the import of torch's compiler, which grading does not need, until somebody needs it.

An optimizer's first step imports ``torch._dynamo``, a second of work, only to mark itself as not to be
compiled. A stand-in module answers the two calls that this takes and steps aside, for the real
module, at the first question about anything else. Runs in the zygote.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

NAME = "torch._dynamo"


class _StandIn(types.ModuleType):
    """`torch._dynamo` as far as code that compiles nothing can tell."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # asked of every module
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
            del sys.modules["torch"]._dynamo
        return getattr(importlib.import_module(NAME), name)


def postpone_compiler() -> None:
    """Install the stand-in, unless the compiler is imported already."""
    torch = sys.modules.get("torch")
    if torch is None or NAME in sys.modules:
        return
    module = _StandIn(NAME)
    module.graph_break = lambda *args, **kwargs: None  # type: ignore[attr-defined]
    module.disable = lambda fn=None, *args, **kwargs: fn  # type: ignore[attr-defined]
    sys.modules[NAME] = module
    torch._dynamo = module  # type: ignore[attr-defined]

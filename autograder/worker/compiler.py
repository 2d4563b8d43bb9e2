"""Postpone the import of torch's compiler, which grading does not need, until somebody needs it.

An optimizer's first step imports ``torch._dynamo``, a second of work, only to mark itself as not to be
compiled; torchvision imports it for one function that it may call later. Stand-in modules answer
these and step aside, for the real ones, at the first question about anything else. Runs in the zygote.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

NAME = "torch._dynamo"
UTILS = NAME + ".utils"


class _StandIn(types.ModuleType):
    """`torch._dynamo`, or its `utils`, as far as code that compiles nothing can tell."""

    def __getattr__(self, name: str) -> Any:
        package = self.__name__ == NAME and name == "__path__"  # somebody wants a submodule of it
        if name.startswith("__") and not package:  # asked of every module
            raise AttributeError(name)
        return getattr(real(self.__name__), name)


def real(name: str) -> Any:
    """Import the real module, after taking the stand-ins away."""
    for module in (NAME, UTILS):
        if isinstance(sys.modules.get(module), _StandIn):
            del sys.modules[module]
    torch = sys.modules["torch"]
    if isinstance(vars(torch).get("_dynamo"), _StandIn):
        del torch._dynamo
    return importlib.import_module(name)


def _disable(function: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Return the function as it is; called without one, as a decorator is, what will do so."""
    return function if function is not None else lambda decorated: decorated


def postpone_compiler() -> None:
    """Install the stand-ins, unless the compiler is imported already."""
    torch = sys.modules.get("torch")
    if torch is None or NAME in sys.modules:
        return
    dynamo, utils = _StandIn(NAME), _StandIn(UTILS)
    dynamo.__dict__.update(
        graph_break=lambda *args, **kwargs: None,
        disable=_disable,
    )
    utils.__dict__.update(
        is_compile_supported=lambda *args: real(UTILS).is_compile_supported(*args),
    )
    sys.modules[NAME], sys.modules[UTILS] = dynamo, utils
    torch._dynamo = dynamo  # type: ignore[attr-defined]

"""Delay the import of torch's compiler, which grading does not need, until something needs it.

An optimizer's first step imports ``torch._dynamo``, which takes a second, only to mark itself as not to
be compiled; torchvision imports it for one function that it may call later. Stand-in modules serve
these two uses. At any other use, the real modules replace them. Runs before any student code.
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
        package = self.__name__ == NAME and name == "__path__"  # a submodule is being imported
        if name.startswith("__") and not package:  # Python looks these up in every module
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
    """Return the function unchanged; without one, return a decorator that does so."""
    return function if function is not None else lambda decorated: decorated


def postpone_compiler() -> None:
    """Install the stand-ins, unless the compiler is already imported."""
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

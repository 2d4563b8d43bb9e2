"""Stand in for IPython, as far as code in a notebook needs it. Runs in the worker.

Magics that change what later cells compute do their work; all others do nothing. Nothing is shown.
"""

from __future__ import annotations

import builtins
import importlib.util
import os
import runpy
import sys
import types
from pathlib import Path
from typing import Any


class _Nothing:
    """A picture, a widget, a handle: takes any argument, and any call of a method does nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _do_nothing


def _do_nothing(*args: Any, **kwargs: Any) -> None:
    pass


def display(*objects: Any, display_id: Any = None, **kwargs: Any) -> Any:
    """Show nothing; return a handle if one is asked for."""
    return _Nothing() if display_id else None


class ZMQInteractiveShell(_Nothing):
    """What `get_ipython()` returns. Code asks for the class's name to see whether it is in Jupyter."""

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__()
        self.user_ns = names
        self.config: dict[str, Any] = {"IPKernelApp": {}}

    def run_line_magic(self, name: str, line: str = "", *args: Any, **kwargs: Any) -> Any:
        """Run a magic of one line."""
        words = line.split()
        if name == "run" and words:
            path = next((word for word in words if not word.startswith("-")), "")
            found = runpy.run_path(path if path.endswith(".py") else f"{path}.py", self.user_ns)
            self.user_ns.update({k: v for k, v in found.items() if not k.startswith("__")})
        elif name in ("env", "set_env") and words:
            variable, _, value = line.replace("=", " ", 1).strip().partition(" ")
            if not value:
                return os.environ.get(variable)
            os.environ[variable] = value.strip()
        elif name == "cd" and words:
            os.chdir(words[0].strip("'\""))
        elif name == "pwd":
            return os.getcwd()
        elif name == "time" and line:
            exec(line, self.user_ns)  # noqa: S102
        return None

    def magic(self, line: str) -> Any:
        """Run a magic that is given as one text."""
        name, _, rest = line.strip().removeprefix("%").partition(" ")
        return self.run_line_magic(name, rest)

    def run_cell_magic(self, name: str, line: str, cell: str = "") -> None:
        """Write the file that a cell holds; any other cell is passed over."""
        if name in ("writefile", "file") and line.split():
            path = Path(line.split()[-1].strip("'\""))
            if not path.parent.exists():
                path.parent.mkdir(parents=True)
            with path.open("a" if "-a" in line.split() else "w", encoding="utf-8") as file:
                file.write(cell)
            importlib.invalidate_caches()

    def getoutput(self, command: str, *args: Any, **kwargs: Any) -> list[str]:
        """Return no line: a command for the shell is not run here."""
        return []


def install(names: dict[str, Any], is_imported: bool) -> None:
    """Let all code find `display` and `get_ipython`, as in Jupyter.

    Arguments:
        names: of the module that stands for the notebook.
        is_imported: whether the file may import IPython.
    """
    shell = ZMQInteractiveShell(names)
    given: dict[str, Any] = {"display": display, "get_ipython": lambda: shell}
    for name, value in given.items():
        setattr(builtins, name, value)
    if is_imported and importlib.util.find_spec("IPython") is None:
        _stand_in(given)


def _stand_in(given: dict[str, Any]) -> None:
    """Make `from IPython.display import ...` work where IPython is not installed."""

    def of_module(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (_Nothing,), {}) if name[:1].isupper() else _do_nothing

    for name in ("IPython", "IPython.core", "IPython.core.display", "IPython.display"):
        module = types.ModuleType(name)
        module.__dict__.update(given, __path__=[], __getattr__=of_module)
        sys.modules[name] = module
    for name in ("core.display", "display", "core"):
        above, _, last = f"IPython.{name}".rpartition(".")
        setattr(sys.modules[above], last, sys.modules[f"IPython.{name}"])

"""Describe an exception to the student. Runs in the worker."""

from __future__ import annotations

import ast
import importlib.util
import linecache
import os
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.worker import layers, newer, unfinished
from autograder.worker.folders import as_written
from autograder.worker.statements import imported, imported_from

LAST_LINES = 12  # of a student's traceback
NOTES = 3  # beside an error
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


class Describer:
    """Describes what a submission raises.

    Attributes:
        folder: where the submission is.
        names: what its file defines, once it is loaded.
        trees: the statements of its file.
        problems: what went wrong while it was loaded.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: Mapping[str, object] = {}
        self.trees: Sequence[ast.stmt] = ()
        self.problems: Sequence[BaseException] = ()

    def is_to_do(self, problem: BaseException, function: str) -> bool:
        """Tell whether a function is still to do: it computes nothing, or says so itself.

        PyTorch raises NotImplementedError, too, and a line that was left in finished code is an error.
        """
        definition = self._definition(function)
        if definition is not None and unfinished.is_to_do(definition):
            return True
        return self._says_to_do(problem) and not self._left_over(problem)

    def _definition(self, function: str) -> ast.stmt | None:
        """Return a function's last definition."""
        found = [one for one in self.trees if getattr(one, "name", None) == function]
        return found[-1] if found else None

    def _says_to_do(self, problem: BaseException) -> bool:
        """Tell whether a line of the student's raised NotImplementedError."""
        if not isinstance(problem, NotImplementedError) or problem.__traceback__ is None:
            return False
        *_, last = traceback.extract_tb(problem.__traceback__)
        line = last.line or ""
        return self._is_students(last.filename) and "raise" in line and "NotImplemented" in line

    def _left_over(self, problem: BaseException) -> str:
        """Say which line's `raise` was left in finished code, and what to do; "" if none was."""
        if not self._says_to_do(problem):
            return ""
        *_, (frame, line) = traceback.walk_tb(problem.__traceback__)
        code = frame.f_code
        within = unfinished.function_at(self.trees, code.co_name, code.co_firstlineno)
        to_do = unfinished.left_over(within, line) if within is not None else ""
        return f"line {line} still raises it; {to_do}" if to_do else ""

    def describe(self, problem: BaseException, function: str = "") -> str:
        """Return the error, and the last lines of the student's own traceback.

        Arguments:
            function: what was called, for an error in which no line of the student's is.
        """
        if type(problem).__name__ in ("Missing", "Slip", "Unreadable"):
            return str(problem)
        if isinstance(problem, SystemExit):
            return f"your code ended the program: sys.exit({problem.code!r})"
        if isinstance(problem, SyntaxError) and problem.lineno is not None:
            return self._of_syntax(problem)
        head = one_line(problem) + self._missing_package(problem) + _inner(problem)
        if left := self._left_over(problem):
            head = f"{type(problem).__name__}: {left}"
        lines = []
        for frame in traceback.extract_tb(problem.__traceback__):
            if self._is_students(frame.filename):
                where = Path(frame.filename).name
                lines.append(f"{where}, line {frame.lineno}, in {frame.name}")
                if frame.line:
                    lines.append(f"  {frame.line}")
        layer = layers.failed_in(problem)
        if layer is not None and not lines:
            lines = self._where_made(layer, function)
        place = str(layer) if layer is not None else layers.inner(problem)
        told = [f"  ({place})"] if place else []
        return "\n".join([head, *told, *_notes(problem), *lines[-LAST_LINES:]])

    def _where_made(self, layer: layers.Layer, function: str) -> list[str]:
        """Return the line in which a function makes a layer, as a traceback shows it."""
        definition = self._definition(function)
        code = getattr(self.names.get(function), "__code__", None)
        if definition is None or code is None:
            return []
        line = layer.written(definition) or definition.lineno
        place = str(code.co_filename)
        quoted = linecache.getline(place, line).strip()
        return [
            f"{Path(place).name}, line {line}, in {function}",
            *([f"  {quoted}"] if quoted else []),
        ]

    def _of_syntax(self, problem: SyntaxError) -> str:
        where = f"{Path(str(problem.filename)).name}, line {problem.lineno}"
        message = problem.msg
        path = Path(str(problem.filename))
        if path.is_absolute() and self._is_students(str(path)) and path.is_file():  # a helper
            message = newer.told(path.read_text("utf-8", "replace")) or message
        head = f"{where}: {type(problem).__name__}: {message}"
        return f"{head}\n  {problem.text.strip()[:100]}" if problem.text else head

    def _missing_package(self, problem: BaseException) -> str:
        """Return what to add to an error that follows from a failed import; "" for any other."""
        if isinstance(problem, ModuleNotFoundError):
            package = str(problem.name or "").partition(".")[0]
            return _not_here(package) if package and _is_missing(package) else ""
        if not isinstance(problem, NameError):
            return ""
        match = NOT_DEFINED.search(str(problem))
        if match is None:
            return ""
        imports = dict(imported(self.trees))
        package = imports.get(match[1], "")
        if package and _is_missing(package):
            return _not_here(package)
        for failed in self.problems:
            own = package and str(getattr(failed, "name", "")).partition(".")[0] == package
            if isinstance(failed, ImportError) and own:
                return f"; its import failed: {one_line(failed)}"
        for module in imported_from(self.trees, match[1]):
            if module in sys.modules and not hasattr(sys.modules[module], match[1]):
                return f"; its import failed: `{module}` has no `{match[1]}`"
        package = imports.get("*", "")
        if match[1] not in imports and package and _is_missing(package):
            return f" (perhaps `from {package} import *` would define it:{_not_here(package)[1:]})"
        return ""

    def _is_students(self, filename: str) -> bool:
        if filename.startswith((str(self.folder), "code cell ")):
            return True
        return not {"/", os.sep} & set(filename) and not filename.startswith("<")


def _notes(problem: BaseException) -> list[str]:
    """Return what a probe noted beside an error: what it asked. A submission may put anything there."""
    notes = getattr(problem, "__notes__", None)
    texts = [note for note in notes if type(note) is str] if type(notes) is list else []
    return [f"({' '.join(text.split())[:200]})" for text in texts[-NOTES:]]


def _inner(problem: BaseException) -> str:
    """Return what an ExceptionGroup holds; "" for any other error."""
    inner = getattr(problem, "exceptions", None)
    if not type(problem).__name__.endswith("ExceptionGroup") or type(inner) is not tuple:
        return ""
    return ": " + "; ".join(one_line(one) for one in inner[:NOTES])


def _not_here(package: str) -> str:
    return (
        f"; the package {package!r} is not installed where this is graded, and no file "
        f"{package}.py was handed in, so its import failed"
    )


def _is_missing(package: str) -> bool:
    if package in sys.modules:
        return False
    try:
        return importlib.util.find_spec(package) is None
    except (ImportError, ValueError, AttributeError):
        return False


def one_line(problem: BaseException) -> str:
    """Return an exception's kind and message in one line."""
    try:
        text = as_written(" ".join(str(problem).split()))
    except Exception:  # a student's exception whose __str__ fails
        text = "(its message cannot be shown)"
    text = text if len(text) <= 300 else text[:300] + "..."
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__

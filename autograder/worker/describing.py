"""Describe an exception to the student. Runs in the worker."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from autograder.worker import newer
from autograder.worker.folders import as_written
from autograder.worker.statements import imported

LAST_LINES = 12  # of a student's traceback
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


class Describer:
    """Describes what a submission raises.

    Attributes:
        folder: where the submission is.
        trees: the statements of its file, once it is loaded.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trees: Sequence[ast.stmt] = ()

    def describe(self, problem: BaseException) -> str:
        """Return the error, and the last lines of the student's own traceback."""
        if type(problem).__name__ in ("Missing", "Slip", "Unreadable"):
            return str(problem)
        if isinstance(problem, SystemExit):
            return f"your code ended the program: sys.exit({problem.code!r})"
        if isinstance(problem, SyntaxError) and problem.lineno is not None:
            return self._of_syntax(problem)
        head = one_line(problem) + self._missing_package(problem)
        lines = []
        for frame in traceback.extract_tb(problem.__traceback__):
            if self._is_students(frame.filename):
                where = Path(frame.filename).name
                lines.append(f"{where}, line {frame.lineno}, in {frame.name}")
                if frame.line:
                    lines.append(f"  {frame.line}")
        return "\n".join([head, *lines[-LAST_LINES:]])

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
        package = imports.get("*", "")
        if match[1] not in imports and package and _is_missing(package):
            return f" (perhaps `from {package} import *` would define it:{_not_here(package)[1:]})"
        return ""

    def _is_students(self, filename: str) -> bool:
        if filename.startswith((str(self.folder), "code cell ")):
            return True
        return not {"/", os.sep} & set(filename) and not filename.startswith("<")


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

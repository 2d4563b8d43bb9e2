"""The folders of a hand-in, as Python's imports see them. Runs in the worker."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

PACKAGE = "handed_in"  # above the hand-in's folders
INSIDE = re.compile(rf"\b{PACKAGE}\.[^.'\"\s]+\.")


def open_folders(path: Path, top: Path) -> None:
    """Let a file import from its own folder and those above it first, and last from all others.

    In its own place a student may have run it from the top, or have put other folders on the path.
    """
    above = [folder for folder in path.parents if folder == top or top in folder.parents]
    modules = sorted({module.parent for module in top.rglob("*.py")})
    sys.path[:0] = map(str, above)
    sys.path += [str(folder) for folder in modules if folder not in above]


def package_of(folder: Path) -> str:
    """Return the name of a package that is a folder, so that `from .layers import Block` works."""
    above = types.ModuleType(PACKAGE)
    above.__path__ = [str(folder.parent)]
    sys.modules[above.__name__] = above
    return f"{above.__name__}.{folder.name}"


def as_written(text: str) -> str:
    """Return a message about a relative import as the student wrote it: `.layers`."""
    return INSIDE.sub(".", text)

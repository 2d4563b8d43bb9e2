"""The folders of a hand-in, as Python's imports see them. Runs in the worker."""

from __future__ import annotations

import sys
import types
from pathlib import Path


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
    above = types.ModuleType("handed_in")
    above.__path__ = [str(folder.parent)]
    sys.modules[above.__name__] = above
    return f"{above.__name__}.{folder.name}"

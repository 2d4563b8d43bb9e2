"""Paths on the command line: check them before anything starts."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import click

from autograder.errors import AutograderError
from autograder.files import FULL

LONGEST_NAME = 255  # bytes; what file systems allow


class _Path(click.Path):
    """A path that can exist in a file system: not empty, without NUL."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = os.fsdecode(value)
        if not text:
            self.fail("the path is empty", param, ctx)
        if "\0" in text:
            self.fail("the path holds a NUL character", param, ctx)
        return super().convert(value, param, ctx)


READ = _Path(path_type=Path)
FILE = _Path(path_type=Path, dir_okay=False)
FOLDER = _Path(path_type=Path, file_okay=False)


def check_readable(path: Path) -> None:
    """Raise AutograderError if there is no file or folder at a path."""
    try:
        path.stat()
    except FileNotFoundError:
        raise AutograderError(f"{path}: no such file or folder") from None
    except OSError as problem:
        raise AutograderError(f"{path}: cannot be read: {problem.strerror}") from problem
    if not path.is_file() and not path.is_dir():
        raise AutograderError(f"{path}: neither a file nor a folder")


def check_file(path: Path) -> Path:
    """Return where to write a file, after following links; raise AutograderError if that fails."""
    try:
        if path.is_symlink():
            path = path.resolve(strict=_exists(path))
        if _exists(path) and not path.is_file():
            raise AutograderError(f"{path}: cannot be written: not an ordinary file")
        _try(path, path.parent)
    except OSError as problem:
        raise _unwritable(path, problem) from problem
    return path


def check_folder(path: Path) -> None:
    """Raise AutograderError if files cannot be written to a folder; it need not exist yet."""
    try:
        _try(path, path)
    except OSError as problem:
        raise _unwritable(path, problem) from problem


def _unwritable(path: Path, problem: OSError) -> Exception:
    if problem.errno in FULL:
        return OSError(problem.errno, problem.strerror, str(path))
    return AutograderError(f"{path}: cannot be written: {problem.strerror}")


def _exists(path: Path) -> bool:
    """Return whether a path exists; raise OSError for a loop of links or a name that is too long."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _try(path: Path, folder: Path) -> None:
    """Write a file in the folder, or in the nearest one above it that exists, and remove it again.

    There is no other way to know: for root, read-only folders look writable, too.
    """
    if any(len(os.fsencode(name)) > LONGEST_NAME for name in path.parts):
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    _exists(path)
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    with tempfile.NamedTemporaryFile(dir=folder, prefix="."):
        pass

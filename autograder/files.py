"""Write files whole or not at all, pack zips that never vary, and parse Python."""

from __future__ import annotations

import ast
import errno
import io
import os
import threading
import warnings
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.errors import AutograderError

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store
FULL = (errno.ENOSPC, errno.EDQUOT)  # no room left on the disk, or none for this user
PART_OF_NAME = 40  # characters; with what is added, at most the 255 bytes that file systems allow


def pack_zip(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Return a zip of files, sorted, all with one time and permissions 644 (755 if executable).

    The files are stored, not compressed: a compressor's output changes with its version.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EARLIEST)
            info.create_system = 3  # Unix, wherever this runs
            info.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of one.

    Raises AutograderError if the file cannot be written, or if it is a device, a pipe or the like,
    which must not be replaced. A full disk stays an OSError, with the file's name.
    """
    if not path.name:
        raise AutograderError(f"{path}: cannot be written: it is a folder")
    partial = path.with_name(f".{path.name[:PART_OF_NAME]}.{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise AutograderError(f"{path}: cannot be written: neither a file nor a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(data)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as problem:
        if problem.errno in FULL:
            raise OSError(problem.errno, problem.strerror, str(path)) from problem
        raise AutograderError(f"{path}: cannot be written: {problem.strerror}") from problem


# Held while parsing: Python 3.11 sometimes counts its recursion wrongly if two threads parse at once.
# A suite holds it while pytest collects.
PARSING = threading.Lock()


def parse(source: str | bytes) -> ast.Module:
    """Parse Python, one thread at a time; what Python would warn of is not told to the terminal."""
    with PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)

"""Write files whole or not at all, pack zips that never vary, and parse Python."""

from __future__ import annotations

import ast
import errno
import io
import os
import threading
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.errors import AutograderError

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold


def pack_zip(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Return a zip of files: one order, one time, permissions 644, or 755 for what is executable.

    Stored, not deflated: what a compressor makes of the same bytes changes with its version.
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

    Raises AutograderError where no file may be written; a full disk stays an OSError.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(data)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise AutograderError(f"{path}: cannot be written: {problem.strerror}") from problem


# Held while Python is parsed: Python 3.11 now and then loses count of its recursion where two threads
# parse at once. A suite holds it while pytest collects.
PARSING = threading.Lock()


def parse(source: str | bytes) -> ast.Module:
    """Parse Python, one thread at a time."""
    with PARSING:
        return ast.parse(source)

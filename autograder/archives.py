"""Zip files whose bytes depend on their contents alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can tell


def pack(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
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

"""Files of a hand-in or a class, on disk or in a zip, from their texts by name."""

from __future__ import annotations

import io
import zipfile


def write(top, files):
    """Write files below a folder; return it."""
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return top


def zipped(files):
    """Return a zip of some files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()

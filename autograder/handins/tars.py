"""Read the files in a tar, packed or not, with the limits that zips have.

A packed tar has to be unpacked from its beginning to list its files. So it is unpacked into memory, up
to a size that is bounded by the packed one, and then listed.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from autograder.errors import SubmissionError
from autograder.handins.zips import ZIP_ERRORS

TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")
MAX_UNPACKED = 128 << 20  # bytes of a whole tar
MAX_RATIO = 200  # of its unpacked to its packed size; a tar of source text reaches about 20
MAX_MEMBERS = 40_000  # Python lists them in 1 s
MAX_DICTIONARY = 128 << 20  # bytes of memory that an .xz may ask for
TAR_ERRORS = (*ZIP_ERRORS, tarfile.TarError, lzma.LZMAError)


def is_tar(name: str) -> bool:
    """Return whether a file's name ends as a tar's does."""
    return name.lower().endswith(TARS)


def members(
    file: BinaryIO, size: int, where: str
) -> Iterator[tuple[tarfile.TarInfo, BinaryIO | None]]:
    """Yield each of a tar's files, and its bytes as a file that can be read; None for a link.

    Raises SubmissionError if the tar is too large or has too many members, else one of TAR_ERRORS.

    Arguments:
        size: the tar's own size in bytes.
        where: its name in messages.
    """
    most = min(MAX_UNPACKED, MAX_RATIO * max(size, 10_240))
    data = _unpacked(file, most)
    if len(data) > most:
        if most < MAX_UNPACKED:
            raise SubmissionError(f"{where}: is far larger unpacked than packed")
        raise SubmissionError(
            f"{where}: more than {most >> 20} MB unpacked; pack only the files that you wrote"
        )
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for number, info in enumerate(archive):
            if number >= MAX_MEMBERS:
                raise SubmissionError(
                    f"{where}: its list of files is too long; pack only the files that you wrote"
                )
            if info.isdir():
                continue
            whole = info.isreg() and not info.issparse()
            content = archive.extractfile(info) if whole else None
            yield info, cast("BinaryIO | None", content)


def _unpacked(file: BinaryIO, most: int) -> bytes:
    """Return what is packed in a file, at most one byte more than `most`."""
    head = file.read(6)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=file) as stream:
            return stream.read(most + 1)
    if head.startswith(b"BZh"):
        with bz2.BZ2File(file) as stream:
            return stream.read(most + 1)
    if head.startswith(b"\xfd7zXZ\0"):
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, MAX_DICTIONARY)
        data = unpacker.decompress(file.read(most + 1), most + 1)
        if not unpacker.eof and len(data) <= most:
            raise EOFError("the file breaks off")
        return data
    return file.read(most + 1)

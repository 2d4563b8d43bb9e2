"""Open a zip and unpack its files, with limits that are checked before anything is read.

A zip itself says how long its list of files is and how large a file is unpacked. Python's zipfile
trusts both: it needs 16 seconds for a list of a million names, and unpacks a few kilobytes of bzip2 or
LZMA to gigabytes. Here the list's length is checked before it is read, and unpacking stops at the
allowed size.
"""

from __future__ import annotations

import copy
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from autograder.errors import SubmissionError

# Bytes of a hand-in's list; an entry has about 100, and Python reads 60,000 entries in 1 s.
MAX_LIST = 4 << 20
MAX_CLASS_LIST = 64 << 20  # of a class's export, which holds hundreds of hand-ins
ZIP_ERRORS = (  # what zipfile raises on damaged, encrypted and unknown archives
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    MemoryError,
    ImportError,  # bzip2 or LZMA, which this Python was built without
    OSError,
)
LZMA_HEADER = 9  # bytes: version, length of the properties, and the properties themselves


class Allowance:
    """How many bytes of lists may still be read, from one zip or from all zips in one hand-in."""

    def __init__(self, size: int = MAX_LIST) -> None:
        self.left = size

    def take(self, size: int, where: str) -> None:
        """Count bytes; raise SubmissionError if there are too many."""
        self.left -= size
        if self.left < 0:
            raise SubmissionError(
                f"{where}: its list of files is too long; pack only the files that you wrote"
            )


class _Counted(io.RawIOBase):
    """A zip's file, which counts the bytes that are read while the list is read."""

    def __init__(self, file: BinaryIO, allowance: Allowance, where: str) -> None:
        self.file, self.where = file, where
        self.allowance: Allowance | None = allowance
        self.size = file.seek(0, io.SEEK_END)

    def read(self, size: int | None = -1) -> bytes:
        rest = max(self.size - self.file.tell(), 0)
        amount = rest if size is None or size < 0 else min(size, rest)
        if self.allowance is not None:
            self.allowance.take(amount, self.where)
        return self.file.read(amount)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


@contextmanager
def opened(
    source: Path | BinaryIO, where: str, allowance: Allowance | None = None
) -> Iterator[zipfile.ZipFile]:
    """Open a zip to read it; raise SubmissionError if its list is too long, else what zipfile raises.

    Arguments:
        where: the zip's name in messages.
        allowance: for the list; by default that of one hand-in.
    """
    file = source.open("rb") if isinstance(source, Path) else source
    try:
        counted = _Counted(file, allowance or Allowance(), where)
        with zipfile.ZipFile(counted) as archive:  # it only reads and seeks
            counted.allowance = None  # from now on files are read, each with its own limit
            yield archive
    finally:
        if isinstance(source, Path):
            file.close()


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a file's bytes, at most as many as the list says; raise one of ZIP_ERRORS."""
    if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with archive.open(info) as file:
            return file.read(info.file_size)
    # zipfile unpacks these without any limit, so their packed bytes are read as if they were stored.
    packed = copy.copy(info)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, info.compress_size
    packed.CRC = None  # type: ignore[assignment]  # it is that of the unpacked bytes
    with archive.open(packed) as file:
        data = _unpacked(file.read(info.compress_size), info)
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise zipfile.BadZipFile(f"{info.filename!r} is damaged")
    return data


def _unpacked(packed: bytes, info: zipfile.ZipInfo) -> bytes:
    """Unpack bzip2 or LZMA, up to one byte more than the list says."""
    most = info.file_size + 1
    if info.compress_type == zipfile.ZIP_BZIP2:
        import bz2

        return bz2.BZ2Decompressor().decompress(packed, most)
    if info.compress_type != zipfile.ZIP_LZMA:
        raise NotImplementedError(f"packed by method {info.compress_type}, which few programs know")
    import lzma

    _, length, first, dictionary = struct.unpack("<HHBI", packed[:LZMA_HEADER])
    if length != 5:
        raise zipfile.BadZipFile(f"{info.filename!r} is damaged")
    chain = {
        "id": lzma.FILTER_LZMA1,
        "dict_size": min(dictionary, max(most, 4096)),  # memory that a zip can ask for
        "lc": first % 9,
        "lp": first // 9 % 5,
        "pb": first // 45,
    }
    try:
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
        return unpacker.decompress(packed[LZMA_HEADER:], most)
    except lzma.LZMAError as problem:
        raise zipfile.BadZipFile(str(problem)) from problem

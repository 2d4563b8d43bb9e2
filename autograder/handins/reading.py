"""Read a source file, and the limits on the number and the size of source files.

A file that exceeds a limit or is not text raises SubmissionError, whose line names the file and says
what the student can do.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from autograder.errors import SubmissionError

MAX_FILE = 2 << 20  # bytes; the longest real one has 40 kB, a notebook with its pictures 2 MB
MAX_NOTEBOOK = 32 << 20
MAX_TOTAL = 64 << 20
MAX_FILES = 2000
MAX_RATIO = 200  # of a zip's unpacked to packed size; source text reaches about 10
SOURCES = (".py", ".ipynb")
OPENING = (  # not through a link, and without waiting for a pipe's other end; Windows has fewer flags
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class TooMuch(SubmissionError):
    """A hand-in is too large as a whole."""


def in_utf_8(name: str) -> str:
    """Return a file's name, which may be any bytes, as valid UTF-8, which every report can hold."""
    return name.encode(errors="backslashreplace").decode()


def read_file(path: Path, suffix: str) -> bytes:
    """Return a source file's bytes; raise SubmissionError if it is too large or not text."""
    check_size(str(path), suffix, path.lstat().st_size)
    data = read_regular(path, MAX_NOTEBOOK)
    check_text(str(path), data)
    return data


def read_regular(path: Path, most: int) -> bytes:
    """Return a file's bytes; raise SubmissionError if it is not a regular file, or longer than `most`.

    Symbolic links are not followed, and a file that was listed may have become a pipe. A hard link
    looks like the file itself; only a person who may write to the file's folder can make one.
    """
    with os.fdopen(os.open(path, OPENING), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path}: not a regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise SubmissionError(f"{path}: more than {most >> 20} MB")
    return data


def check_size(name: str, suffix: str, size: int) -> None:
    """Raise SubmissionError for a source file that is too large."""
    limit = MAX_NOTEBOOK if suffix == ".ipynb" else MAX_FILE
    if size > limit:
        raise SubmissionError(f"{name}: {size >> 20} MB; a {suffix} file may have {limit >> 20} MB")


def check_text(name: str, data: bytes) -> None:
    """Raise SubmissionError for a source file that is empty or not text."""
    if not data.strip():
        raise SubmissionError(f"{name}: the file is empty; was it saved?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SubmissionError(f"{name}: saved as UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise SubmissionError(f"{name}: holds NUL bytes: it is not text; save it as UTF-8")


def check_counts(name: str, count: int, total: int) -> None:
    """Raise SubmissionError for too many source files, or too many bytes in all of them."""
    if count > MAX_FILES:
        raise TooMuch(f"{name}: more than {MAX_FILES} source files")
    if total > MAX_TOTAL:
        raise TooMuch(f"{name}: more than {MAX_TOTAL >> 20} MB of source files")

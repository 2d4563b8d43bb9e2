"""Read source files from a folder, a zip or a single file, each with limits on number and size.

Nothing is unpacked to disk. A file that exceeds a limit or is not text raises SubmissionError, whose
line names the file and says what the student can do.
"""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath

from autograder.errors import SubmissionError
from autograder.handins.zips import ZIP_ERRORS, Allowance, opened, unpack

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
IGNORED = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv", "site-packages")


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


def read_folder(top: Path, stem: str) -> dict[str, bytes]:
    """Return the source files in a folder and below it, by their paths from there.

    A file that is too large or cannot be read is left out. If no other file's name begins with `stem`,
    the name of the part's file, it may be the one that counts, and its error is raised.
    """
    files: dict[str, bytes] = {}
    problems: list[OSError | SubmissionError] = []
    total = 0
    for folder, folders, names in os.walk(top, onerror=problems.append, followlinks=False):
        folders[:] = sorted(f for f in folders if not _ignored(f))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() not in SOURCES or _ignored(name):
                continue
            try:
                status = path.lstat()
                if not stat.S_ISREG(status.st_mode):
                    continue
                total += status.st_size
                check_counts(str(top), len(files) + 1, total)
                check_size(str(path), path.suffix.lower(), status.st_size)
                files[path.relative_to(top).as_posix()] = read_regular(path, MAX_NOTEBOOK)
            except TooMuch:
                raise
            except (OSError, SubmissionError) as problem:
                problems.append(problem)
    if problems and not any(PurePosixPath(name).stem.startswith(stem) for name in files):
        raise problems[0]
    return files


def read_zip(
    source: Path | io.BytesIO, where: str, allowance: Allowance | None = None
) -> tuple[dict[str, bytes], list[str]]:
    """Return a zip's source files by their names, and the names of all its files.

    Arguments:
        where: the zip's name in messages.
        allowance: for the zip's list of files, if it is one of several zips in a hand-in.
    """
    files: dict[str, bytes] = {}
    total = 0
    try:
        with opened(source, where, allowance) as archive:
            names = archive.namelist()
            for info in archive.infolist():
                name = PurePosixPath(info.filename.replace("\\", "/"))
                if info.is_dir() or name.suffix.lower() not in SOURCES or _ignored(*name.parts):
                    continue
                drive = PureWindowsPath(info.filename).drive
                if name.is_absolute() or drive or ".." in name.parts:
                    raise SubmissionError(f"{where}: holds a path outside of itself: {str(name)!r}")
                if stat.S_ISLNK(info.external_attr >> 16):
                    continue
                if info.flag_bits & 1:
                    raise SubmissionError(f"{where}: encrypted; pack it without a password")
                if info.file_size > MAX_RATIO * max(info.compress_size, 1024):
                    raise SubmissionError(
                        f"{where}: {str(name)!r} is far larger unpacked than packed"
                    )
                total += info.file_size
                check_counts(where, len(files) + 1, total)
                check_size(f"{where}: {name}", name.suffix.lower(), info.file_size)
                files[str(name)] = unpack(archive, info)
    except PermissionError:
        raise  # the zip itself may be good
    except ZIP_ERRORS as problem:
        reason = str(problem)[:100] or type(problem).__name__
        raise SubmissionError(
            f"{where}: not a readable zip file ({reason}); pack it again, or hand in the file itself"
        ) from problem
    return files, names


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


def _ignored(*names: str) -> bool:
    return any(name in IGNORED or name.startswith("._") for name in names)

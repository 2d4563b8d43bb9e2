"""Read source files from a folder, a zip or a single file, each with limits on number and size.

Nothing is unpacked to disk. What exceeds a limit or cannot be text raises SubmissionError, whose line
names the file and says what the student can do.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from autograder.errors import SubmissionError

MAX_FILE = 2 << 20  # bytes; the longest real one has 40 kB, a notebook with its pictures 2 MB
MAX_NOTEBOOK = 32 << 20
MAX_TOTAL = 64 << 20
MAX_FILES = 2000
MAX_RATIO = 200  # of a zip's unpacked to packed size; source text reaches about 10
SOURCES = (".py", ".ipynb")
ZIP_ERRORS = (  # what zipfile raises on damaged, encrypted and unknown archives
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    ValueError,
    OSError,
)
IGNORED = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv", "site-packages")


def in_utf_8(name: str) -> str:
    """Return a file's name, whose bytes may be anything, as one that every report can hold."""
    return name.encode(errors="backslashreplace").decode()


def read_file(path: Path, suffix: str) -> bytes:
    """Return a source file's bytes; raise SubmissionError if it is too large or not text."""
    check_size(str(path), suffix, path.stat().st_size)
    data = path.read_bytes()
    check_text(str(path), data)
    return data


def read_siblings(path: Path) -> dict[str, bytes]:
    """Return the modules in a file's folder that it imports by name."""
    text = path.read_bytes()
    modules = {}
    for other in sorted(path.parent.glob("*.py")):
        stem = os.fsencode(other.stem)  # also of a name that is not UTF-8
        named = other != path and any(word + stem in text for word in (b"import ", b"from "))
        try:
            status = other.lstat()
            if named and stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE:
                modules[other.name] = other.read_bytes()
        except OSError:
            continue  # the file that imports it sees that it is missing
    return modules


def read_folder(top: Path, stem: str) -> dict[str, bytes]:
    """Return the source files in a folder and below it, by their paths from there.

    A file that is too large or cannot be read is left out, unless no other file's name begins with
    `stem`, the name of the part's file: then it may be the one that counts, and its error is raised.
    """
    files: dict[str, bytes] = {}
    problems: list[OSError | SubmissionError] = []
    total = 0
    for folder, folders, names in os.walk(top, onerror=problems.append, followlinks=False):
        folders[:] = sorted(f for f in folders if not _ignored(f))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() not in SOURCES or path.is_symlink() or _ignored(name):
                continue
            if not stat.S_ISREG(path.lstat().st_mode):
                continue
            size = path.lstat().st_size
            total += size
            check_counts(str(top), len(files) + 1, total)
            try:
                check_size(str(path), path.suffix.lower(), size)
                files[path.relative_to(top).as_posix()] = path.read_bytes()
            except (OSError, SubmissionError) as problem:
                problems.append(problem)
    if problems and not any(PurePosixPath(name).stem.startswith(stem) for name in files):
        raise problems[0]
    return files


def read_zip(source: Path | io.BytesIO, where: str) -> dict[str, bytes]:
    """Return a zip's source files by their names; `where` is what messages call the zip."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(source) as archive:
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
                        f"{where}: {str(name)!r} unpacks to far more than it packs"
                    )
                total += info.file_size
                check_counts(where, len(files) + 1, total)
                check_size(f"{where}: {name}", name.suffix.lower(), info.file_size)
                with archive.open(info) as file:
                    files[str(name)] = file.read(info.file_size)
    except PermissionError:
        raise  # the zip itself may be sound
    except ZIP_ERRORS as problem:
        reason = str(problem)[:100]
        raise SubmissionError(
            f"{where}: not a readable zip file ({reason}); pack it again, or hand in the file itself"
        ) from problem
    return files


def check_size(name: str, suffix: str, size: int) -> None:
    """Raise SubmissionError for a source file that is too large."""
    limit = MAX_NOTEBOOK if suffix == ".ipynb" else MAX_FILE
    if size > limit:
        raise SubmissionError(f"{name}: {size >> 20} MB; a {suffix} file may have {limit >> 20} MB")


def check_text(name: str, data: bytes) -> None:
    """Raise SubmissionError for a source file that is empty or holds something else than text."""
    if not data.strip():
        raise SubmissionError(f"{name}: the file is empty; was it saved?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SubmissionError(f"{name}: saved as UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise SubmissionError(f"{name}: holds NUL bytes: it is not text; save it as UTF-8")


def check_counts(name: str, count: int, total: int) -> None:
    """Raise SubmissionError for too many source files, or too many bytes in all of them."""
    if count > MAX_FILES:
        raise SubmissionError(f"{name}: more than {MAX_FILES} source files")
    if total > MAX_TOTAL:
        raise SubmissionError(f"{name}: more than {MAX_TOTAL >> 20} MB of source files")


def _ignored(*names: str) -> bool:
    return any(name in IGNORED or name.startswith("._") for name in names)

"""Find what was handed in: a .py, a notebook, a folder or a zip -> a Submission in memory.

Nothing is unpacked to disk and nothing is run here: a submission is names and bytes, and the worker
writes them into its own private folder.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from autograder.errors import SubmissionError
from autograder.parts import Part, named_after

MAX_FILE = 2 << 20  # bytes; the longest real one has 40 kB, a notebook with its pictures 2 MB
MAX_NOTEBOOK = 32 << 20
MAX_TOTAL = 64 << 20
MAX_FILES = 2000
MAX_RATIO = 200  # of a zip's unpacked to packed size; source text reaches about 10
LONGEST_NAME = 255  # bytes; what file systems take
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
NOTHING = "none of the functions is written in it; hand in the {}.py in which they are"
IGNORED = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".venv", "site-packages")


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in for one part.

    Attributes:
        label: what reports call it.
        main: the name of the file that holds the part's functions.
        files: every source file by its path relative to `main`'s folder or to the top.
        notes: what was left aside, to be told to the student.
    """

    label: str
    main: str
    files: dict[str, bytes]
    notes: tuple[str, ...] = ()


def find(path: Path, part: Part) -> Submission:
    """Read the submission at a path; raise SubmissionError with a line that a student understands.

    In a folder or a zip the part's file may lie in any subfolder; a .py counts before a notebook, then
    the one in the outermost folder, then the first by name, and a note tells which were left aside.
    A single file may have any name.
    """
    try:
        return _find(path, part)
    except OSError as problem:
        raise SubmissionError(
            f"{problem.filename or path}: cannot be read: {problem.strerror}"
        ) from problem


def _find(path: Path, part: Part) -> Submission:
    label = in_utf_8(path.name)
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    if path.is_dir():
        return _choose(label, _read_folder(path, part), part, path, os.listdir(path))
    if not path.is_file():
        raise SubmissionError(f"{path}: neither a file nor a folder")
    if path.suffix.lower() == ".zip":
        files = _read_zip(path, str(path))
        with zipfile.ZipFile(path) as archive:
            return _choose(label, files, part, path, archive.namelist())
    if path.suffix.lower() not in SOURCES:
        raise SubmissionError(f"{path}: expected a .py, an .ipynb, a .zip or a folder")
    name = part.stem + path.suffix.lower()
    data = _read_file(path, path.suffix.lower())
    siblings = _siblings(path)
    if _defines_nothing(name, data, part):
        beside = path.with_name(f"{part.stem}.py")
        if not beside.is_file():
            raise SubmissionError(f"{path}: {NOTHING.format(part.stem)}")
        note = f"graded: {beside.name}; {path.name} writes none of the functions"
        found = _find(beside, part)
        return Submission(label, found.main, found.files, (note,))
    return Submission(label, name, {**siblings, name: data})


def find_in_files(
    label: str, files: Mapping[str, bytes], part: Part, where: str, others: Iterable[str] = ()
) -> Submission:
    """Find the part among files in memory, zips among them opened; raise SubmissionError.

    A single source file may have any name, as in `find`; `where` is what messages call the place,
    `others` what else was handed in.
    """
    label = in_utf_8(label)
    found: dict[str, bytes] = {}
    total = 0
    for name, data in files.items():
        suffix = PurePosixPath(name).suffix.lower()
        if suffix == ".zip":
            folder = PurePosixPath(name).with_suffix("")
            inner = _read_zip(io.BytesIO(data), f"{where}: {name}")
            found.update({str(folder / member): text for member, text in inner.items()})
            total += sum(map(len, inner.values()))
        elif suffix in SOURCES:
            _check_size(f"{where}: {name}", suffix, len(data))
            found[name] = data
            total += len(data)
        _check_counts(where, len(found), total)  # before the next zip is unpacked
    if len(found) == 1 and not is_of_another(PurePosixPath(*found).stem, part):
        ((name, data),) = found.items()
        _check_text(f"{where}: {name}", data)
        if _defines_nothing(name, data, part):
            raise SubmissionError(f"{where}: {name}: {NOTHING.format(part.stem)}")
        main = part.stem + PurePosixPath(name).suffix.lower()
        return Submission(label, main, {main: data})
    return _choose(label, found, part, Path(where), others)


def in_utf_8(name: str) -> str:
    """Return a file's name, whose bytes may be anything, as one that every report can hold."""
    return name.encode(errors="backslashreplace").decode()


def _read_file(path: Path, suffix: str) -> bytes:
    _check_size(str(path), suffix, path.stat().st_size)
    data = path.read_bytes()
    _check_text(str(path), data)
    return data


def _check_size(name: str, suffix: str, size: int) -> None:
    limit = MAX_NOTEBOOK if suffix == ".ipynb" else MAX_FILE
    if size > limit:
        raise SubmissionError(f"{name}: {size >> 20} MB; a {suffix} file may have {limit >> 20} MB")


def _check_text(name: str, data: bytes) -> None:
    if not data.strip():
        raise SubmissionError(f"{name}: the file is empty; was it saved?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SubmissionError(f"{name}: saved as UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise SubmissionError(f"{name}: holds NUL bytes: it is not text; save it as UTF-8")


def _siblings(path: Path) -> dict[str, bytes]:
    """Return the modules beside a single file that it imports by name."""
    text = path.read_bytes()
    found = {}
    for other in sorted(path.parent.glob("*.py")):
        stem = os.fsencode(other.stem)  # also of a name that is not UTF-8
        named = other != path and any(word + stem in text for word in (b"import ", b"from "))
        try:
            status = other.lstat()
            if named and stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE:
                found[other.name] = other.read_bytes()
        except OSError:
            continue  # to its importer it is not there
    return found


def _read_folder(top: Path, part: Part) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    problems: list[OSError | SubmissionError] = []
    total = 0
    for folder, folders, names in os.walk(top, onerror=problems.append, followlinks=False):
        folders[:] = sorted(f for f in folders if not _ignored(f))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() not in SOURCES or path.is_symlink() or _ignored(name):
                continue
            relative = path.relative_to(top).as_posix()
            if not stat.S_ISREG(path.lstat().st_mode):
                continue
            size = path.lstat().st_size
            total += size
            _check_counts(str(top), len(files) + 1, total)
            try:
                _check_size(str(path), path.suffix.lower(), size)
                files[relative] = path.read_bytes()
            except (OSError, SubmissionError) as problem:
                problems.append(problem)
    if problems and not any(PurePosixPath(name).stem.startswith(part.stem) for name in files):
        raise problems[0]  # it may be the part's file that is too large, or lies out of reach
    return files


def _read_zip(source: Path | io.BytesIO, path: str) -> dict[str, bytes]:
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
                    raise SubmissionError(f"{path}: holds a path outside of itself: {str(name)!r}")
                if stat.S_ISLNK(info.external_attr >> 16):
                    continue
                if info.flag_bits & 1:
                    raise SubmissionError(f"{path}: encrypted; pack it without a password")
                if info.file_size > MAX_RATIO * max(info.compress_size, 1024):
                    raise SubmissionError(
                        f"{path}: {str(name)!r} unpacks to far more than it packs"
                    )
                total += info.file_size
                _check_counts(path, len(files) + 1, total)
                _check_size(f"{path}: {name}", name.suffix.lower(), info.file_size)
                with archive.open(info) as file:
                    files[str(name)] = file.read(info.file_size)
    except PermissionError:
        raise  # which is not the zip's fault
    except ZIP_ERRORS as problem:
        reason = str(problem)[:100]
        raise SubmissionError(
            f"{path}: not a readable zip file ({reason}); pack it again, or hand in the file itself"
        ) from problem
    return files


def _check_counts(name: str, count: int, total: int) -> None:
    if count > MAX_FILES:
        raise SubmissionError(f"{name}: more than {MAX_FILES} source files")
    if total > MAX_TOTAL:
        raise SubmissionError(f"{name}: more than {MAX_TOTAL >> 20} MB of source files")


def _ignored(*names: str) -> bool:
    return any(name in IGNORED or name.startswith("._") for name in names)


def _choose(
    label: str, files: dict[str, bytes], part: Part, path: Path, others: Iterable[str] = ()
) -> Submission:
    """Pick the part's file and keep what lies in its folder or below.

    `others` is what else lies there, to be told where there is no source file.
    """
    named = [n for n in files if PurePosixPath(n).stem == part.stem]
    candidates = named or [n for n in files if _may_be(PurePosixPath(n).stem, part)]
    if not candidates:
        found = _listed(files) or "no source file at all"
        rest = _listed(n for n in others if PurePosixPath(n).suffix.lower() not in SOURCES)
        if rest and not files:
            found += f", only {rest}"
        raise SubmissionError(
            f"{path}: holds no {part.stem}.py or {part.stem}.ipynb (found: {found})"
        )
    chosen = min(candidates, key=_preference)
    _check_text(f"{path}: {chosen}", files[chosen])
    folder = PurePosixPath(chosen).parent
    kept = {
        str(PurePosixPath(name).relative_to(folder)): data
        for name, data in files.items()
        if name == chosen or (name.endswith(".py") and _below(PurePosixPath(name), folder))
    }
    main = PurePosixPath(chosen).name
    proper = part.stem + PurePosixPath(main).suffix.lower()
    kept[proper] = kept.pop(main)
    if len(kept) == 1 and _defines_nothing(proper, kept[proper], part):
        raise SubmissionError(f"{path}: {chosen}: {NOTHING.format(part.stem)}")
    aside = sorted(name for name in named if name != chosen)
    notes = (f"graded: {chosen}; left aside: {_listed(aside)}",) if aside else ()
    fitting = {name: kept[name] for name in kept if _fits(name, kept)}
    return Submission(label, proper, fitting, notes)


def is_of_another(stem: str, part: Part) -> bool:
    """Tell whether a file, named without its suffix, is meant for another part."""
    return any(other.stem != part.stem for other in named_after(stem))


def _may_be(stem: str, part: Part) -> bool:
    """Tell whether a file's name begins with a part's, and it is not another part's."""
    return stem.startswith(part.stem) and not is_of_another(stem, part)


def _defines_nothing(name: str, data: bytes, part: Part) -> bool:
    """Tell whether a file is a notebook in which none of the part's functions is written.

    That is how notebooks are handed out: the functions stand in the .py beside them. One that takes
    names from another module may get them from there.
    """
    if PurePosixPath(name).suffix != ".ipynb":
        return False
    try:
        cells = json.loads(data)["cells"]
        sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        text = "\n".join("".join(source) for source in sources)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False  # whoever loads it tells what is wrong with it
    names = "|".join(map(re.escape, part.functions()))
    patterns = (
        rf"^\s*(?:async def|def|class) +(?:{names})\b",
        rf"^[\w, ]*\b(?:{names})\b[\w, ]*=[^=]",
        rf"^\s*from +(?!{re.escape(part.stem)}\b)\S+ +import\b.*\b(?:{names})\b",
        r"\bimport\b.*\*",
    )
    return not any(re.search(pattern, text, re.MULTILINE) for pattern in patterns)


def _listed(names: Iterable[str]) -> str:
    """Return the first names, shortened."""
    return ", ".join(name if len(name) <= 40 else f"{name[:37]}..." for name in sorted(names)[:5])


def _fits(name: str, names: Collection[str]) -> bool:
    """Tell whether a file of that name can be written beside the others, as a zip need not care."""
    parts = PurePosixPath(name).parts
    short = all(len(os.fsencode(part)) <= LONGEST_NAME for part in parts) and len(name) < 1000
    return short and not any(str(above) in names for above in PurePosixPath(name).parents)


def _preference(name: str) -> tuple[bool, int, str]:
    path = PurePosixPath(name)
    return path.suffix.lower() != ".py", len(path.parts), name


def _below(path: PurePosixPath, folder: PurePosixPath) -> bool:
    return folder == PurePosixPath(".") or path.is_relative_to(folder)

"""Find what was handed in: a .py, a notebook, a folder or a zip -> a Submission in memory.

Nothing is unpacked to disk and nothing is run here: a submission is names and bytes, and the worker
writes them into its own private folder.
"""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins.beside import modules_beside, owns_folder
from autograder.handins.reading import (
    SOURCES,
    check_counts,
    check_size,
    check_text,
    in_utf_8,
    read_file,
    read_folder,
    read_zip,
)
from autograder.handins.writes import code_of, functions_in
from autograder.handins.zips import Allowance
from autograder.parts import Part, named_after

LONGEST_NAME = 255  # bytes; what file systems allow
NOTHING = "it defines none of the functions; hand in the {}.py that defines them"


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in for one part.

    Attributes:
        label: its name in reports.
        main: the name of the file that holds the part's functions.
        files: every source file by its path relative to `main`'s folder or to the top.
        notes: lines for the student, such as which files were not graded.
    """

    label: str
    main: str
    files: dict[str, bytes]
    notes: tuple[str, ...] = ()


def find(path: Path, part: Part) -> Submission:
    """Read the submission at a path; raise SubmissionError with a line that a student understands.

    In a folder or a zip, the part's file may be in any subfolder. Of several files, a .py comes before
    a notebook, then the outermost folder before its subfolders, then the first by name; a note lists
    the others. A single file may have any name; `beside` decides which files beside it belong to it. A
    symbolic link is refused, because its target may belong to another person.
    """
    if "\0" in str(path):
        raise SubmissionError(f"{shortened(str(path))}: no file's name holds a NUL character")
    try:
        if path.is_symlink():
            raise SubmissionError(
                f"{path}: neither a file nor a folder, but a link; hand in what it leads to"
            )
        return _find(path, part)
    except OSError as problem:
        named = shortened(str(problem.filename or path))
        raise SubmissionError(f"{named}: cannot be read: {problem.strerror}") from problem


def _find(path: Path, part: Part) -> Submission:
    label = in_utf_8(path.name)
    if not path.exists():
        raise SubmissionError(f"{path}: no such file or folder")
    if path.is_dir():
        return _choose(label, read_folder(path, part.stem), part, path, os.listdir(path))
    if not path.is_file():
        raise SubmissionError(f"{path}: neither a file nor a folder")
    suffix = path.suffix.lower()
    if suffix == ".zip":
        files, names = read_zip(path, str(path))
        return _choose(label, files, part, path, names)
    if suffix not in SOURCES:
        raise SubmissionError(f"{path}: expected a .py, an .ipynb, a .zip or a folder")
    main = part.stem + suffix
    data = read_file(path, suffix)
    if not _defines_nothing(main, data, part):
        modules, notes = modules_beside(path, code_of(main, data) or "", part)
        return Submission(label, main, {**modules, main: data}, tuple(notes))
    module = path.with_name(f"{part.stem}.py")
    if path.stem != part.stem or not module.is_file() or not owns_folder(path, part):
        raise SubmissionError(f"{path}: {NOTHING.format(part.stem)}")
    note = f"graded: {module.name}; {path.name} defines none of the functions"
    handed_in = find(module, part)
    return replace(handed_in, label=label, notes=(note, *handed_in.notes))


def find_in_files(
    label: str, files: Mapping[str, bytes], part: Part, where: str, others: Iterable[str] = ()
) -> Submission:
    """Find the part among files in memory and in the zips among them; raise SubmissionError.

    A single source file may have any name, as in `find`.

    Arguments:
        where: the place's name in messages.
        others: the names of what else was handed in, for the message if there is no source file.
    """
    label = in_utf_8(label)
    sources: dict[str, bytes] = {}
    total = 0
    lists = Allowance()
    for name, data in files.items():
        suffix = PurePosixPath(name).suffix.lower()
        if suffix == ".zip":
            folder = PurePosixPath(name).with_suffix("")
            inner, _ = read_zip(io.BytesIO(data), f"{where}: {name}", lists)
            sources.update({str(folder / member): text for member, text in inner.items()})
            total += sum(map(len, inner.values()))
        elif suffix in SOURCES:
            check_size(f"{where}: {name}", suffix, len(data))
            sources[name] = data
            total += len(data)
        check_counts(where, len(sources), total)  # before the next zip is unpacked
    if len(sources) != 1 or is_of_another(PurePosixPath(*sources).stem, part):
        return _choose(label, sources, part, Path(where), others)
    ((name, data),) = sources.items()
    check_text(f"{where}: {name}", data)
    if _defines_nothing(name, data, part):
        raise SubmissionError(f"{where}: {name}: {NOTHING.format(part.stem)}")
    main = part.stem + PurePosixPath(name).suffix.lower()
    return Submission(label, main, {main: data})


def is_of_another(stem: str, part: Part) -> bool:
    """Return whether a file, named without its suffix, is meant for another part."""
    return any(other.stem != part.stem for other in named_after(stem))


def _choose(
    label: str, files: dict[str, bytes], part: Part, path: Path, others: Iterable[str] = ()
) -> Submission:
    """Pick the part's file and keep the modules in its folder or below; `others` as above."""
    named = [n for n in files if PurePosixPath(n).stem == part.stem]
    candidates = named or [n for n in files if _may_be(PurePosixPath(n).stem, part)]
    if not candidates:
        seen = _seen(files, others)
        raise SubmissionError(
            f"{path}: holds no {part.stem}.py or {part.stem}.ipynb (found: {seen})"
        )
    chosen = min(candidates, key=_preference)
    check_text(f"{path}: {chosen}", files[chosen])
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
    notes = (f"graded: {chosen}; not graded: {_listed(aside)}",) if aside else ()
    fitting = {name: kept[name] for name in kept if _fits(name, kept)}
    return Submission(label, proper, fitting, notes)


def _seen(files: Collection[str], others: Iterable[str]) -> str:
    """List the source files or, if there are none, the other files."""
    if files:
        return _listed(files)
    rest = _listed(n for n in others if PurePosixPath(n).suffix.lower() not in SOURCES)
    return "no source file at all" + (f", only {rest}" if rest else "")


def _may_be(stem: str, part: Part) -> bool:
    """Return whether a file's name begins with the part's name, and not with another part's."""
    return stem.startswith(part.stem) and not is_of_another(stem, part)


def _defines_nothing(name: str, data: bytes, part: Part) -> bool:
    """Return whether a file is a notebook that defines none of the part's functions.

    Notebooks are handed out like that: the functions are in the .py beside them. False for a notebook
    that imports names from another module, because it may get the functions from there.
    """
    if PurePosixPath(name).suffix != ".ipynb":
        return False
    code = code_of(name, data)  # if it is damaged, the worker that loads it will report that
    return code is not None and not functions_in(code, part)


def shortened(text: str) -> str:
    """Return a path as messages show it; a path may have thousands of characters."""
    return text if len(text) <= 300 else f"{text[:100]}...{text[-100:]}"


def _listed(names: Iterable[str]) -> str:
    """Return the first five names, each shortened to 40 characters."""
    return ", ".join(name if len(name) <= 40 else f"{name[:37]}..." for name in sorted(names)[:5])


def _fits(name: str, names: Collection[str]) -> bool:
    """Return whether a file of that name can be written to disk beside the others.

    A zip may hold names that are too long, and one name both as a file and as a folder.
    """
    parts = PurePosixPath(name).parts
    short = (
        all(len(os.fsencode(part)) <= LONGEST_NAME for part in parts)
        and len(name) < 1000
        and len(parts) < 100
    )
    return short and not any(str(above) in names for above in PurePosixPath(name).parents)


def _preference(name: str) -> tuple[bool, int, str]:
    """Return a sort key: what `find` prefers comes first."""
    path = PurePosixPath(name)
    return path.suffix.lower() != ".py", len(path.parts), name


def _below(path: PurePosixPath, folder: PurePosixPath) -> bool:
    return folder == PurePosixPath(".") or path.is_relative_to(folder)

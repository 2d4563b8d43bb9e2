"""Decide which files beside a single file belong to it, and which may be another student's.

A student's folder holds the part's file and its helpers. A class's folder may hold a file from each
student; there, a file that imports `alice` would be graded with Alice's work. The names and texts of
the files show which kind of folder it is:

- A module that the homework hands out (`gan_training.py`) always belongs to the file.
- If the file has the part's own name (`gan_pytorch.py`), the folder is one student's, and every module
  beside it that it imports belongs to it, unless two other files there are hand-ins.
- If it has any other name (`mallory.py`), one other hand-in is enough to make it a class's folder, and
  nothing else belongs to the file. Otherwise, a module belongs to it if it defines none of the part's
  functions.

A file is a hand-in if it defines at least half of the part's functions and is not the released stub. A
folder beside the file is taken, if it is imported, where nothing in it defines the part's functions. A
folder or an archive that is graded as a whole is one student's, and needs no such rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.handins import tree as trees
from autograder.handins.environments import left_by_a_program
from autograder.handins.reading import MAX_FILE, MAX_FILES, SOURCES, in_utf_8, read_regular
from autograder.handins.writes import ANY, code_of, functions_in, modules_in
from autograder.parts import Part


def modules_beside(path: Path, code: str, part: Part) -> tuple[dict[str, bytes], list[str]]:
    """Return the modules beside a file that it imports, and notes on those that are left out.

    What these modules import beside the file belongs to it, too.

    Arguments:
        code: the file's code.
    """
    modules = _imported(path, code)
    given = {name: text for name, text in modules.items() if name[:-3] in part.modules}
    if modules.keys() == given.keys():
        return given, []
    alien = {n for n, text in modules.items() if _functions(n, text, part) - {ANY}}
    strange = {name.split("/")[0] for name in alien if "/" in name}
    alien |= {name for name in modules if name.split("/")[0] in strange}
    if not owns_folder(path, part):
        taken = given
    elif path.stem == part.stem:
        taken = {n: text for n, text in modules.items() if "/" not in n or n not in alien}
    else:
        taken = {n: text for n, text in modules.items() if n in given or n not in alien}
    left = ", ".join(in_utf_8(name)[:40] for name in sorted(modules.keys() - taken.keys())[:5])
    note = (
        f"not taken from beside {in_utf_8(path.name)[:40]}: {left}, which may be another student's; "
        f"if it is yours, keep both in a folder of your own and call your file {part.stem}.py"
    )
    return taken, [note] if left else []


def data_beside(path: Path, sources: Iterable[tuple[str, bytes]], part: Part) -> dict[str, bytes]:
    """Return the small data files beside a file that some sources mention, if they are the student's.

    Arguments:
        sources: names and texts of the file and of its modules.
    """
    words = trees.data_words(dict(sources))
    found: dict[str, bytes] = {}
    if not words or not owns_folder(path, part):
        return found
    left = trees.MAX_ALL_DATA
    for other in sorted(path.parent.iterdir())[: MAX_FILES + 1]:
        name = in_utf_8(other.name)
        if not trees.is_data(name) or not trees.is_mentioned(name, words):
            continue
        try:
            found[name] = read_regular(other, min(trees.MAX_DATA, left))
        except (OSError, SubmissionError):
            continue  # the code that reads it will notice
        left -= len(found[name])
        if len(found) == trees.MAX_DATA_FILES:
            break
    return found


def in_its_package(
    path: Path, main: str, files: Mapping[str, bytes]
) -> tuple[str, dict[str, bytes]]:
    """Return the main file's path and all files, in the folders of the package that the file is in.

    Only if a file imports something by the package's name, as in `from cs231n.layers import Block`.
    """
    folder, names = path.resolve().parent, list[str]()
    while (folder / "__init__.py").is_file():
        names.insert(0, in_utf_8(folder.name))
        folder = folder.parent
    words = (modules_in(code_of(name, text) or "") for name, text in files.items() if _runs(name))
    if not names or not any(names[0] in one for one in words):
        return main, dict(files)
    inside = PurePosixPath(*names)
    return str(inside / main), {str(inside / name): text for name, text in files.items()}


def _runs(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SOURCES


def _imported(path: Path, code: str) -> dict[str, bytes]:
    """Return the modules and folders beside a file that it imports, and what these import."""
    there = {in_utf_8(one.stem): one for one in sorted(path.parent.glob("*.py")) if one != path}
    for one in sorted(path.parent.iterdir())[: MAX_FILES + 1]:
        if one.is_dir() and not one.is_symlink() and not left_by_a_program(one.name):
            there.setdefault(in_utf_8(one.name), one)
    modules: dict[str, bytes] = {}
    seen: set[str] = set()
    words = modules_in(code)
    while new := words.intersection(there) - seen:
        seen |= new
        for name in sorted(new):
            found = _sources(there[name])
            modules |= found
            words = words.union(*(modules_in(code_of(n, text) or "") for n, text in found.items()))
    return modules


def _sources(place: Path) -> dict[str, bytes]:
    """Return the modules in a folder, or a file, by their paths beside the student's file."""
    if not place.is_dir():
        text = _read(place)
        return {} if text is None else {place.name: text}
    try:
        inside = trees.of_folder(place).sources
    except (OSError, SubmissionError):
        return {}
    return {
        str(PurePosixPath(place.name) / name): text
        for name, text in inside.items()
        if name.endswith(".py")
    }


def owns_folder(path: Path, part: Part) -> bool:
    """Return whether the files beside a file are the same student's, by the rule above."""
    most = 1 if path.stem == part.stem else 0
    others = 0
    for other in sorted(path.parent.iterdir())[: MAX_FILES + 1]:
        proper = other.stem == part.stem  # the pair of a module and its notebook is one hand-in
        if other.suffix.lower() in SOURCES and other != path and not (most and proper):
            text = _read(other)
            others += text is not None and _is_hand_in(other.name, text, part)
            if others > most:
                return False
    return True


def _is_hand_in(name: str, text: bytes, part: Part) -> bool:
    if part.stub.is_file() and text == part.stub.read_bytes():
        return False
    return 2 * len(_functions(name, text, part) - {ANY}) >= len(part.functions())


def _functions(name: str, text: bytes, part: Part) -> set[str]:
    return functions_in(code_of(name, text) or "", part)


def _read(path: Path) -> bytes | None:
    """Return a file's bytes; None if it is not a file, too large, or may not be read."""
    try:
        return read_regular(path, MAX_FILE)
    except (OSError, SubmissionError):
        return None  # the file that imports it will notice

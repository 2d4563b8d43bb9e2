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
folder or a zip that is graded as a whole is one student's, and needs no such rule.
"""

from __future__ import annotations

from pathlib import Path

from autograder.errors import SubmissionError
from autograder.handins.reading import MAX_FILE, MAX_FILES, SOURCES, in_utf_8, read_regular
from autograder.handins.writes import ANY, code_of, functions_in, modules_in
from autograder.parts import Part


def modules_beside(path: Path, code: str, part: Part) -> tuple[dict[str, bytes], list[str]]:
    """Return the modules beside a file that it imports, and notes on those that are left out.

    Arguments:
        code: the file's code.
    """
    imported = modules_in(code)
    modules: dict[str, bytes] = {}
    for other in sorted(path.parent.glob("*.py")):
        if other != path and in_utf_8(other.stem) in imported:
            text = _read(other)
            if text is not None:
                modules[other.name] = text
    given = {name: text for name, text in modules.items() if name[:-3] in part.modules}
    if modules.keys() == given.keys():
        return given, []
    if not owns_folder(path, part):
        taken = given
    elif path.stem == part.stem:
        taken = modules
    else:
        alien = {n for n, text in modules.items() if _functions(n, text, part) - {ANY}}
        taken = {n: text for n, text in modules.items() if n in given or n not in alien}
    left = ", ".join(in_utf_8(name)[:40] for name in sorted(modules.keys() - taken.keys())[:5])
    note = (
        f"not taken from beside {in_utf_8(path.name)[:40]}: {left}, which may be another student's; "
        f"if it is yours, keep both in a folder of your own and call your file {part.stem}.py"
    )
    return taken, [note] if left else []


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

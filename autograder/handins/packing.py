"""Lay out a submission's files as they were, so that its imports and its paths keep working."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from autograder.handins.writes import code_of, modules_in
from autograder.parts import Part

LONGEST_NAME = 255  # bytes; what file systems allow
TOP = PurePosixPath()
WORD = re.compile(r"[\w.\-]+")


def packed(
    chosen: str,
    text: bytes,
    part: Part,
    sources: Mapping[str, bytes],
    data: Mapping[str, bytes],
    label: str,
) -> tuple[str, dict[str, bytes]]:
    """Return the path of the part's file, which gets the part's name, and all files by their paths.

    Other modules and the data stay where they are. Folders that hold everything are left out, unless
    the code imports or opens something by their name.

    Arguments:
        chosen, text: the part's file, and what is in it.
        label: the name of the hand-in's own folder, by which the code may import, too.
    """
    modules = {name: text for name, text in sources.items() if name.endswith(".py")}
    words: set[str] = set()
    for name, content in {**modules, chosen: text}.items():
        code = code_of(name, content) or ""
        words |= modules_in(code) | (_folders_in(code) if data else set())
    path = PurePosixPath(chosen)
    suffix = ".ipynb" if path.suffix.lower() == ".ipynb" or text is not sources[chosen] else ".py"
    main = str(path.with_name(part.stem + suffix))
    files = {**data, **modules}
    if path.stem not in words or main == chosen:
        files.pop(chosen, None)
    files.pop(str(PurePosixPath(main).with_suffix(".py")), None)  # it would hide the main file
    files[main] = text
    top = _top(files, words)
    if top == TOP and label in words and not any(n.split("/")[0] == label for n in files):
        files, main = {f"{label}/{name}": one for name, one in files.items()}, f"{label}/{main}"
    files = {str(PurePosixPath(name).relative_to(top)): one for name, one in files.items()}
    main = str(PurePosixPath(main).relative_to(top))
    files |= _as_seen_from_the_top(main, {n: files[n] for n in files if _ends_as_data(n)}, files)
    return main, {name: files[name] for name in files if _fits(name, files)}


def _folders_in(code: str) -> set[str]:
    """Return every word before a slash; they include the folders of all paths in a text."""
    return {word[-1] for piece in code.split("/") if (word := WORD.findall(piece[-LONGEST_NAME:]))}


def _top(files: Collection[str], words: Collection[str]) -> PurePosixPath:
    """Return the innermost folder that holds everything and is not imported by its name."""
    paths = [PurePosixPath(name).parts for name in files]
    top: list[str] = []
    for folder in paths[0][:-1]:
        at = len(top)
        if folder in words or any(p[at : at + 1] != (folder,) or len(p) < at + 2 for p in paths):
            break
        top.append(folder)
    return PurePosixPath(*top)


def _as_seen_from_the_top(
    main: str, data: Mapping[str, bytes], taken: Collection[str]
) -> dict[str, bytes]:
    """Return copies of data files for code that was run in a folder above its own.

    The worker runs in the main file's folder, as Jupyter does. `python src/gan_pytorch.py` opens
    `data/x.csv` beside `src`, not in it.
    """
    copies: dict[str, bytes] = {}
    inner = PurePosixPath(main).parent
    for folder in list(inner.parents)[:3]:
        for name, content in data.items():
            if PurePosixPath(name).is_relative_to(folder):
                copy = str(inner / PurePosixPath(name).relative_to(folder))
                if copy not in taken:
                    copies.setdefault(copy, content)
    return copies


def _ends_as_data(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() not in (".py", ".ipynb")


def _fits(name: str, names: Collection[str]) -> bool:
    """Return whether a file of that name can be written to disk beside the others.

    An archive may hold names that are too long, and one name both as a file and as a folder.
    """
    parts = PurePosixPath(name).parts
    short = (
        all(len(os.fsencode(part)) <= LONGEST_NAME for part in parts)
        and len(name) < 1000
        and len(parts) < 100
        and "\0" not in name
    )
    return short and not any(str(above) in names for above in PurePosixPath(name).parents)

"""Put the students' modules into a package, for courses whose notebooks import `cs231n.gan_pytorch`.

The sources import each other by their bare names. Here these imports, the calls that check a file, and
the names of files in texts are written again for a package.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import PurePosixPath

from autograder.errors import SourceError
from autograder.parts import Part

MAIN = "gan_pytorch.py"  # the file that `check` takes if none is named


def check_name(package: str, parts: Collection[Part]) -> None:
    """Raise SourceError if modules of these parts cannot be imported from a package of that name."""
    words = package.split(".")
    if not all(word.isascii() and word.isidentifier() for word in words):
        raise SourceError(f"{package!r}: no name of a Python package; write it as in cs231n")
    if reserved := [word for word in words if keyword.iskeyword(word)]:
        raise SourceError(f"{package!r}: {reserved[0]} is a word of Python's; choose another name")
    modules = {path.stem for part in parts for path in (part.solution, *part.given)}
    imported = {name for part in parts for name in part.imports}
    if words[0] in {"autograder", *modules, *imported, *sys.stdlib_module_names}:
        raise SourceError(f"{package!r}: would hide the module {words[0]}; choose another name")


def files(given: Mapping[str, bytes], package: str) -> dict[str, bytes]:
    """Return released files with the modules at the top moved into a package; notebooks stay.

    A file's name in a text becomes its path, as in `cs231n/gan_pytorch.py`.
    """
    top = PurePosixPath(*package.split("."))
    moved = {
        str(folder / "__init__.py"): b""
        for folder in (top, *top.parents)
        if folder != PurePosixPath()
    }
    stems = _stems(given)
    for name, data in given.items():
        if name.endswith(".py") and "/" not in name:
            moved[str(top / name)] = _decoded(data, lambda text: _code(text, stems, package))
        elif name.endswith(".md"):
            moved[name] = _decoded(data, lambda text: _code(text, stems, package))
        else:
            moved[name] = data
    return moved


def notebook(data: bytes, modules: Iterable[str], package: str) -> bytes:
    """Return a notebook that imports and checks modules in a package.

    Arguments:
        modules: the names of the modules' files.
    """
    stems = _stems(modules)
    content = json.loads(data)
    for cell in content["cells"]:
        text = _code("".join(cell["source"]), stems, package)
        cell["source"] = text.splitlines(keepends=True)
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _stems(names: Iterable[str]) -> list[str]:
    tops = [name for name in names if name.endswith(".py") and "/" not in name]
    return [name.removesuffix(".py") for name in tops]


def _decoded(data: bytes, change: Callable[[str], str]) -> bytes:
    return change(data.decode("utf-8")).encode()


def _code(text: str, stems: Collection[str], package: str) -> str:
    """Return code, or a text with code in it, that speaks of modules in a package."""
    if not stems:
        return text
    folder = package.replace(".", "/")
    one = "|".join(map(re.escape, stems))
    text = re.sub(
        rf"^([ \t]*)import ({one})(?=[ \t]*(?:$|[#;])|[ \t]+as\b)",
        rf"\1from {package} import \2",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(
        rf"\bfrom ({one})(?=[ \t]+import\b)", rf"from {package}.\1", text, flags=re.MULTILINE
    )
    text = re.sub(rf"(?<![A-Za-z0-9_./-])({one})\.py\b", rf"{folder}/\1.py", text)
    return re.sub(  # calls that name functions alone
        r"\b(check|done|grade_cell)\(\s*((?:\"\w+\",\s*)*\"\w+\"),?\s*\)",
        rf'\1(\2, file="{folder}/{MAIN}")',
        text,
    )

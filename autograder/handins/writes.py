"""Find which functions of a part a file defines, and what it imports, without running it.

A student's text may have any length and any form, so it is read line by line, once: the time grows with
the length. A regular expression over many lines, such as `^\\s*def`, would be slow on empty lines.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.files import parse
from autograder.parts import Part

LONGEST = 10_000  # characters of a line that are read; a definition begins within them
WORD = re.compile(r"\w+")
IMPORTED = re.compile(r"\b(?:from|import)[ \t]+([^\n#;]{1,500})")
ANY = "*"  # stands for all names that `from x import *` may define
TOP_LEVEL = re.compile(r"[^\s#)\]}]")  # a piece of a file begins with such a character
DEFINITION = re.compile(r"(?:async +)?def +(\w+)", re.ASCII)
TODO = "NotImplementedError"  # what a gap raises
LONGEST_GAP = 20_000  # characters of a function that is parsed to see whether it is a gap


@dataclass(slots=True)
class Writes:
    """What a file does for some functions, by their names.

    Attributes:
        own: defined or assigned here, and not gaps.
        imported: for each module, the names taken from it; `ANY` stands for all.
        gaps: defined here, but not written: they raise NotImplementedError, or are as handed out.
    """

    own: set[str] = field(default_factory=set)
    imported: dict[str, set[str]] = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)

    @property
    def named(self) -> set[str]:
        """Every function that is defined here, also as a gap."""
        return self.own | self.gaps


def code_of(name: str, data: bytes) -> str | None:
    """Return a file's text, or a notebook's code cells; None for a notebook that cannot be read."""
    if PurePosixPath(name).suffix.lower() != ".ipynb":
        return data.decode("utf-8", errors="replace")
    try:
        cells = json.loads(data)["cells"]
        return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def functions_in(code: str, part: Part) -> set[str]:
    """Return which of the part's functions a text defines, assigns, or imports from another module.

    `from module import *` counts as `ANY`. Code in a string counts, too.
    """
    found = Writes()
    _take_lines(code, set(part.functions()), found)
    others = (names for module, names in found.imported.items() if module != part.stem)
    return found.own.union(*others)


def writes_in(code: str, wanted: Collection[str], handed_out: Collection[str] = ()) -> Writes:
    """Return what a text does for the wanted functions; a gap is told from a function that works.

    Arguments:
        handed_out: what `as_written` returns for functions of stubs; these count as gaps, too.
    """
    found, names = Writes(), set(wanted)
    rest: list[str] = []
    for piece in pieces(code):
        if (gap := gap_in(piece, handed_out)) is None:
            rest.append(piece)
        elif gap in names:
            found.gaps.add(gap)
    _take_lines("".join(rest), names, found)
    found.gaps -= found.own
    return found


def pieces(code: str) -> Iterator[str]:
    """Yield the pieces of a text that begin in the first column; together they are the whole text.

    Decorators belong to what follows them.
    """
    start, decorated = 0, False
    lines = code.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if TOP_LEVEL.match(line) and number > start and not decorated:
            yield "".join(lines[start:number])
            start = number
        if TOP_LEVEL.match(line):
            decorated = line.startswith("@")
    yield "".join(lines[start:])


def function_of(piece: str) -> str | None:
    """Return the name of the function that a piece defines; None for any other piece."""
    match = DEFINITION.match(piece)
    return match[1] if match else None


def as_written(piece: str) -> str:
    """Return a piece without comments of their own lines, empty lines and spaces at ends of lines."""
    lines = (line.rstrip() for line in piece.splitlines())
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


def gap_in(piece: str, handed_out: Collection[str] = ()) -> str | None:
    """Return the name of the function that a piece defines, if nobody has written it.

    It always raises NotImplementedError, or is as handed out.
    """
    name = function_of(piece)
    if name is None or len(piece) > LONGEST_GAP:
        return None
    if handed_out and as_written(piece) in handed_out:
        return name
    if TODO not in piece:
        return None
    try:
        [node] = parse(piece).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(node, ast.FunctionDef):
        return None
    for statement in node.body:
        if isinstance(statement, ast.Raise):
            return name if TODO in ast.dump(statement) else None
        if any(isinstance(one, ast.Return | ast.Yield) for one in ast.walk(statement)):
            return None
    return None


def _take_lines(code: str, wanted: set[str], found: Writes) -> None:
    """Add what the lines of a text define, assign and import."""
    for line in _statements(code):
        if line.startswith(("def ", "class ", "async def ")):
            words = WORD.findall(line.partition("(")[0].partition(":")[0])[:3]
            found.own.update(wanted.intersection(words))
        elif line.startswith("from "):
            module, _, names = line.removeprefix("from ").partition(" import")
            taken = wanted.intersection(WORD.findall(names)) | ({ANY} if "*" in names else set())
            if taken:
                found.imported.setdefault(module.strip(), set()).update(taken)
        elif "=" in line:
            names, _, value = line.partition("=")
            names = names.partition(":")[0]  # as in `name: type = value`
            if not value.startswith("=") and not set(names) & set("([{.\"'"):
                found.own.update(wanted.intersection(WORD.findall(names)))


def modules_in(code: str) -> set[str]:
    """Return every word after `import` or `from`; they include all modules that a text may import."""
    words: set[str] = set()
    for match in IMPORTED.finditer(code):
        words.update(WORD.findall(match[1]))
    return words


def _statements(code: str) -> Iterator[str]:
    """Yield each line without its indentation; a bracketed import, or a long signature, as one line."""
    pending: list[str] = []
    length = 0
    for raw in code.splitlines():
        line = raw[:LONGEST].strip()
        if pending:
            pending.append(line)
            length += len(line)
            if ")" not in line and length < LONGEST and len(pending) < LONGEST:
                continue
            yield " ".join(pending)
            pending = []
        elif line.startswith(("from ", "def ", "async def ")) and "(" in line and ")" not in line:
            pending, length = [line], len(line)
        else:
            yield line
    if pending:
        yield " ".join(pending)

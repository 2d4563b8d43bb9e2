"""Find which functions of a part a file defines, and what it imports, without running it.

A student's text may have any length and any form, so it is read line by line, once: the time grows with
the length. A regular expression over many lines, such as `^\\s*def`, would be slow on empty lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from autograder.parts import Part

LONGEST = 10_000  # characters of a line that are read; a definition begins within them
WORD = re.compile(r"\w+")
IMPORTED = re.compile(r"\b(?:from|import)[ \t]+([^\n#;]{1,500})")
ANY = "*"  # stands for all names that `from x import *` may define


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
    wanted = set(part.functions())
    defined: set[str] = set()
    for line in _statements(code):
        if line.startswith(("def ", "class ", "async def ")):
            defined.update(WORD.findall(line.partition("(")[0].partition(":")[0])[:3])
        elif line.startswith("from "):
            module, _, names = line.removeprefix("from ").partition(" import")
            if module.strip() != part.stem:
                defined.update(WORD.findall(names))
            if "*" in names:
                defined.add(ANY)
        elif "=" in line:
            names, _, value = line.partition("=")
            names = names.partition(":")[0]  # as in `name: type = value`
            if not value.startswith("=") and not set(names) & set("([{.\"'"):
                defined.update(WORD.findall(names))
    return defined & {*wanted, ANY}


def modules_in(code: str) -> set[str]:
    """Return every word after `import` or `from`; they include all modules that a text may import."""
    words: set[str] = set()
    for match in IMPORTED.finditer(code):
        words.update(WORD.findall(match[1]))
    return words


def _statements(code: str) -> Iterator[str]:
    """Yield each line without its indentation; the lines of a bracketed import as one line."""
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
        elif line.startswith("from ") and "(" in line and ")" not in line:
            pending, length = [line], len(line)
        else:
            yield line
    if pending:
        yield " ".join(pending)

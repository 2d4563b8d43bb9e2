"""Tell whether a text that is not Python here is Python in a newer version.

What is new in a version is written in older words, and then the text is parsed again: only if it is
Python then, the student is told so.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable

TOLD = "this is the syntax of Python"
LONGEST = 100_000  # characters of a text that is tried
NAME = r"[^\W\d]\w*"
TYPES = re.compile(rf"^(\s*)type\s+({NAME})\s*(\[[^\n=]*\])?\s*=", re.MULTILINE)
GENERIC = re.compile(
    rf"^(\s*(?:async\s+)?(?:def|class)\s+{NAME})\s*\[[^\n()]*\](?=\s*[(:])", re.MULTILINE
)
EXCEPT_GROUP = re.compile(r"^(\s*)except\s*\*", re.MULTILINE)
BEGINS = re.compile(r"(?<!\w)(?:[fF][rR]?|[rR][fF])(\"\"\"|'''|\"|')")
TEMPLATE = re.compile(r"(?<!\w)(?:[tT][rR]?|[rR][tT])(?=[\"'])")


def told(text: str, version: tuple[int, int] = sys.version_info[:2]) -> str:
    """Return what to tell of a text that is not Python, if a newer Python reads it; else ""."""
    if len(text) > LONGEST:
        return ""
    for newer, rewrite in REWRITES:
        if newer <= version:
            continue
        text = rewrite(text)
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        here = ".".join(map(str, sys.version_info[:3]))
        return (
            f"{TOLD} {newer[0]}.{newer[1]} or newer, and it is graded with "
            f"Python {here}; write it as older versions do"
        )
    return ""


def is_told(message: str) -> bool:
    """Tell whether a message is one of `told`."""
    return message.startswith(TOLD)


def _groups(text: str) -> str:
    return EXCEPT_GROUP.sub(r"\1except ", text)


def _types(text: str) -> str:
    text = GENERIC.sub(r"\1", TYPES.sub(r"\1\2 =", text))
    return _strings(text)


def _templates(text: str) -> str:
    return _strings(TEMPLATE.sub("f", text))


def _strings(text: str) -> str:
    """Replace each f-string by the tuple of its expressions, as far as they are expressions."""
    made, at = [], 0
    while match := BEGINS.search(text, at):
        end = _end(text, match.end(), match[1])
        if end is None:
            break
        stop, inner = end
        made += [
            text[at : match.start()],
            "".join(f"({one})," for one in inner).join(("str((", "))")),
        ]
        at = stop
    return "".join([*made, text[at:]])


def _end(text: str, at: int, quote: str) -> tuple[int, list[str]] | None:
    """Return where an f-string ends by the rules of Python 3.12, and its expressions."""
    inner: list[str] = []
    while at < len(text):
        if text.startswith(quote, at):
            return at + len(quote), inner
        if text[at] == "\\" or text.startswith(("{{", "}}"), at):
            at += 2
        elif text[at] == "{":
            found = _field(text, at + 1)
            if found is None:
                return None
            at, expression = found
            inner.append(expression)
        elif text[at] == "\n" and len(quote) == 1:
            return None
        else:
            at += 1
    return None


def _field(text: str, at: int) -> tuple[int, str] | None:
    """Return where a replacement field ends, and its expression without conversion and format."""
    start, stop, depth = at, None, 0
    while at < len(text):
        char = text[at]
        string = BEGINS.match(text, at)
        if stop is None and string and (end := _end(text, string.end(), string[1])):
            at = end[0]
            continue
        if stop is None and char in "\"'":
            close = text.find(char, at + 1)
            if close < 0:
                return None
            at = close + 1
            continue
        if char in "([{":
            depth += 1
        elif char in ")]}" and depth:
            depth -= 1
        elif char == "}":
            expression = text[start : at if stop is None else stop]
            return at + 1, _strings(expression.rstrip().removesuffix("=")) if expression else ""
        elif (
            depth == 0
            and stop is None
            and (char == ":" or (char == "!" and not text.startswith("!=", at)))
        ):
            stop = at
        at += 1
    return None


Rewrite = Callable[[str], str]
REWRITES: tuple[tuple[tuple[int, int], Rewrite], ...] = (
    ((3, 11), _groups),
    ((3, 12), _types),
    ((3, 14), _templates),
)

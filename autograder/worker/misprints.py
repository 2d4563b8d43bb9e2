"""Say why a line is not Python, where the line itself shows it for certain.

Python's own message names the place at which it gave up. A line that was pasted from a web page, a
chat or a word processor shows more: what does not belong there, and what to write instead.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from autograder.worker.conflicts import MARKER, TO_DO

FENCE = re.compile(r"\s*(```+|~~~+)")
PROMPT = re.compile(r"\s*(>>>|In \[[\d* ]*\]:|Out\[[\d* ]*\]:|\.\.\.(?=\s))\s?")
NUMBERED = re.compile(r"\s*(\d+)[.:|)\]]?(?:\s|$)")
DASHES = re.compile(r"[\u2010-\u2015\u2212]")
QUOTES = {**dict.fromkeys("“”„‟«»″＂", '"'), **dict.fromkeys("‘’‚‛′`´＇", "'")}
INVISIBLE = {
    "\u00a0": "a non-breaking space",
    "\u202f": "a narrow non-breaking space",
    "\u2007": "a figure space",
    "\u3000": "an ideographic (full-width) space",
    "\u200b": "a zero-width space, which cannot be seen",
    "\u200c": "a character that cannot be seen",
    "\u200d": "a character that cannot be seen",
    "\u2060": "a character that cannot be seen",
    "\ufeff": "a byte-order mark, which cannot be seen",
}
PROSE = re.compile(r"[A-Z][\w’'`*_-]*,?(?: [\w’'`*,;()_/+-]+){2,}[.:!?]*\s*$")
KEYWORDS = frozenset(
    "and as assert del from global if import in is lambda not or return yield".split()
)
NEIGHBOURS = 3  # lines with growing numbers in front of them


def told(lines: Sequence[str], problem: SyntaxError) -> str:
    """Return what is wrong with a line, in words for its author; "" if only Python's words are known.

    Arguments:
        lines: of the whole text.
        problem: the error; its line is the one to look at.
    """
    at = (problem.lineno or 1) - 1
    if not 0 <= at < len(lines):
        return ""
    line = lines[at]
    return (
        _pasted(lines, at)
        or _character(line, problem)
        or _tabs(line, problem)
        or _empty_body(problem)
        or _prose(line)
    )


def is_pasted(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is no code at all, but was pasted with code."""
    return bool(_pasted(lines, at) or _prose(lines[at]))


def _pasted(lines: Sequence[str], at: int) -> str:
    line = lines[at]
    if MARKER.match(line):
        return f"the marker of a merge conflict: {TO_DO}"
    if match := FENCE.match(line):
        return (
            f"{match[1]} marks code in a chat or on a web page, and is not Python; delete the line"
        )
    if match := PROMPT.match(line):
        return (
            f"{match[1]} is a prompt and not Python; delete the prompts at the beginnings of lines"
        )
    if _is_numbered(lines, at):
        return "numbers of lines stand in front of the code; delete them"
    return ""


def _is_numbered(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line and its neighbours begin with numbers that grow by one."""
    near = [one for one in lines[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1] if one.strip()]
    numbers = [int(match[1]) if (match := NUMBERED.match(one)) else None for one in near]
    if NUMBERED.match(lines[at]) is None:
        return False
    pairs = sum(
        one is not None and two is not None and two == one + 1 for one, two in pairwise(numbers)
    )
    return pairs >= NEIGHBOURS - 1


def _character(line: str, problem: SyntaxError) -> str:
    """Tell of a character that Python refuses: Python names it, so it stands outside of texts."""
    match = re.search(r"U\+([0-9A-F]{4,6})", str(problem.msg))
    if match is None or "character" not in str(problem.msg):
        return ""
    character = chr(int(match[1], 16))
    if character not in line:
        return ""
    code = f"(U+{match[1]})"
    if character in INVISIBLE:
        instead = "an ordinary space" if "space" in INVISIBLE[character] else "nothing"
        if "zero-width" in INVISIBLE[character]:
            instead = "nothing"
        return f"the line holds {INVISIBLE[character]} {code}; put {instead} in its place"
    if character in QUOTES:
        return f"{character} {code} is not a quotation mark of Python; write {QUOTES[character]}"
    if DASHES.match(character):
        return f"{character} {code} is a dash and not a minus sign; write -"
    plain = unicodedata.normalize("NFKC", character)
    if character in "、，":
        plain = ","
    if character in "。":
        plain = "."
    if plain != character and plain.isascii() and plain.isprintable():
        return f"{character} {code} is a full-width character; write {plain}"
    return ""


def _tabs(line: str, problem: SyntaxError) -> str:
    if not isinstance(problem, TabError):
        return ""
    return "tabs and spaces are mixed in the indentation; indent every line with spaces alone"


def _empty_body(problem: SyntaxError) -> str:
    match = re.match(
        r"expected an indented block after (function|class) definition on line (\d+)",
        str(problem.msg),
    )
    if match is None:
        return ""
    return (
        f"the {match[1]} that begins in line {match[2]} has no body: "
        "no indented line of code follows"
    )


def _prose(line: str) -> str:
    """Tell of a line that is a sentence, and not code."""
    text = line.strip()
    words = {word.strip(".,:;!?()") for word in text.split()}
    if not PROSE.match(text) or words & {"None", "True", "False"}:
        return ""
    if words & KEYWORDS and not text.endswith((".", ":", "!", "?")):
        return ""
    try:
        ast.parse(text)
    except SyntaxError:
        return "the line is text and not Python; delete it, or write # in front of it"
    return ""

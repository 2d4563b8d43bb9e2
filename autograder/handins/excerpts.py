"""Cut a student's functions out of a hand-in, to be shown to staff beside the solution's."""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.files import parse
from autograder.handins.definitions import DEFINITIONS, Definition, with_helpers
from autograder.handins.submission import Submission
from autograder.handins.writes import code_of

LONGEST = 100_000  # characters of a file that are parsed
MOST = 8_000  # characters of a function that are shown, with what it uses of the file
MARKER = re.compile(r"^[ \t]*#+[ \t]*(BEGIN|END) SOLUTION[ \t]*\n", re.MULTILINE)


def excerpts(submission: Submission, functions: Collection[str]) -> dict[str, str]:
    """Return the text of each function, and of the file's own helpers that it uses before it.

    A function that is not defined by `def` or `class` at the top has none; nor has a file that is not
    Python, or is very long.
    """
    text = code_of(submission.main, submission.files[submission.main]) or ""
    if len(text) > LONGEST:
        return {}
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    try:
        defined = {
            node.name: node for node in parse(text).body if isinstance(node, DEFINITIONS)
        }  # the last one counts, as in Python
        lines = text.split("\n")
        return {
            name: _text(name, defined, lines, functions)
            for name in sorted({*functions} & defined.keys())
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _text(
    name: str, defined: dict[str, Definition], lines: list[str], functions: Collection[str]
) -> str:
    used = with_helpers(name, defined, functions)
    nodes = sorted(used, key=lambda node: (node.name == name, node.lineno))
    text = MARKER.sub("", "\n\n".join(_lines(node, lines) for node in nodes) + "\n").rstrip("\n")
    return text if len(text) <= MOST else text[:MOST].rstrip() + "\n[...]"


def _lines(node: Definition, lines: list[str]) -> str:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return "\n".join(lines[first - 1 : node.end_lineno])

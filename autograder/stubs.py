"""Solution -> stub: cut what stands between the markers. Pure text in, pure text out."""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.errors import SourceError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")


def make_stub(source: str, name: str, given: Collection[str] = ()) -> str:
    """Return the student's copy of a solution.

    Arguments:
        source: the solution's text.
        name: how errors call the file.
        given: functions whose solution students get; only its markers are removed.

    Raises SourceError, with file and line, where a marker has no partner, or where a given function
    has no solution.
    """
    kept: list[str] = []
    begun = 0
    function = ""
    seen: set[str] = set()
    for number, line in enumerate(source.splitlines(), 1):
        function = _function(line) or function
        if BEGIN in line:
            if begun:
                raise SourceError(f"{name}:{number}: BEGIN SOLUTION inside the one of line {begun}")
            begun = number
            seen.add(function)
            if function not in given:
                indent = line[: len(line) - len(line.lstrip())]
                kept += [indent + text for text in STUB]
        elif END in line:
            if not begun:
                raise SourceError(f"{name}:{number}: END SOLUTION without BEGIN SOLUTION")
            begun = 0
        elif not begun or function in given:
            kept.append(line)
    if begun:
        raise SourceError(f"{name}:{begun}: BEGIN SOLUTION without END SOLUTION")
    for wanted in given:
        if wanted not in seen:
            raise SourceError(f"{name}: no solution of {wanted!r} to give")
    return "\n".join(kept) + "\n"


def _function(line: str) -> str:
    found = re.match(r"(?:def|class) (\w+)", line)
    return found.group(1) if found else ""

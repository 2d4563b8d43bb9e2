"""Make a stub from a solution: cut what is between the markers. Text in, text out.

If students get code instead of a gap (a function with a bug to find), that code is at the end of the
marked region, commented out, after a third marker:

    ### BEGIN SOLUTION
    right = code()
    ### STUB
    # wrong = code()
    ### END SOLUTION
"""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.errors import SourceError

BEGIN, END, INSTEAD = "### BEGIN SOLUTION", "### END SOLUTION", "### STUB"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")


def make_stub(source: str, name: str, given: Collection[str] = ()) -> str:
    """Return the student's copy of a solution.

    Arguments:
        source: the solution's text.
        name: the file's name in errors.
        given: functions whose solution students get; only its markers are removed.

    Raises SourceError, with file and line, if a marker has no partner, if a line after `### STUB` is
    not a comment, or if a given function has no solution.
    """
    kept: list[str] = []
    begun = instead = 0
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
            begun = instead = 0
        elif line.strip() == INSTEAD:
            if not begun or instead:
                raise SourceError(f"{name}:{number}: STUB belongs in a region, once")
            instead = number
            if function not in given:
                del kept[-len(STUB) :]
        elif instead:
            if function not in given:
                kept.append(_uncommented(line, f"{name}:{number}"))
        elif not begun or function in given:
            kept.append(line)
    if begun:
        raise SourceError(f"{name}:{begun}: BEGIN SOLUTION without END SOLUTION")
    for wanted in given:
        if wanted not in seen:
            raise SourceError(f"{name}: no solution of {wanted!r} to give")
    return "\n".join(kept) + "\n"


def _uncommented(line: str, where: str) -> str:
    match = re.fullmatch(r"( *)#(?: (.*))?", line)
    if not match:
        raise SourceError(f"{where}: between STUB and END SOLUTION, comment every line out")
    return (match[1] + (match[2] or "")).rstrip()


def _function(line: str) -> str:
    match = re.match(r"(?:def|class) (\w+)", line)
    return match.group(1) if match else ""

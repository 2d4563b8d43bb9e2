"""Cut out of a text what is not Python, in pieces as small as they can be told from the rest."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from autograder.worker import cells, misprints, newer

NO_BODY = re.compile(r"expected an indented block after .* on line (\d+)")
TOP_LEVEL = re.compile(r"[^\s#)\]}]")  # a piece of a file begins with such a character
MAX_ERRORS = 50  # pieces that are not Python, in one file


def without_errors(text: str) -> tuple[str, list[tuple[SyntaxError, str]]]:
    """Blank out the top-level pieces that are not Python; return the rest, and errors with pieces.

    A block that is only indented is moved to the left.
    """
    lines = text.split("\n")
    errors: list[tuple[SyntaxError, str]] = []
    moved: set[int] = set()
    while len(errors) < MAX_ERRORS:
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as problem:
            at = min(max(problem.lineno or 1, 1), len(lines)) - 1
            if (
                isinstance(problem, IndentationError)
                and at not in moved
                and lines[at][:1].isspace()
            ):
                moved.add(at)
                if "unexpected indent" in str(problem.msg):
                    lines = cells.dedented(lines, at)
                    continue
            start, end = _piece(lines, at, problem)
            piece = "\n".join(lines[start:end])
            errors.append((problem, piece))
            if not piece.strip("\n"):
                break
            problem.msg = _newer(piece) or misprints.told(lines, problem) or problem.msg
            lines[start:end] = [""] * (end - start)
        else:
            return "\n".join(lines), errors
    return "", errors


def _piece(lines: Sequence[str], at: int, problem: SyntaxError) -> tuple[int, int]:
    """Return where the piece begins and ends that is not Python, both counted from 0.

    A definition without a body is seen only at what follows it, which is not to blame. A line that
    stands far left in a body and begins none, such as pasted text, costs itself alone.
    """
    if TOP_LEVEL.match(lines[at]) and misprints.is_pasted(lines, at):
        return at, at + 1
    if (match := NO_BODY.search(str(problem.msg))) and int(match[1]) <= len(lines):
        problem.lineno = int(match[1])
        at = problem.lineno - 1
        problem.text = lines[at]
    start, end = at, at + 1
    while start > 0 and not TOP_LEVEL.match(lines[start]):
        start -= 1
    while end < len(lines) and not TOP_LEVEL.match(lines[end]):
        end += 1
    return start, end


def _newer(piece: str) -> str:
    return "" if cells.parsed(piece) is not None else newer.told(piece)

"""Notes on what failed at the top of a file. Runs in the worker, after an error only.

Lines that lost their indentation leave a function that ends too early, and raise an error of their own:
the note says to which function they may belong.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.worker.folders import as_written
from autograder.worker.statements import DEFINITIONS, Statement, bound

OUTSIDE = ("outside function", "outside async function")


def of_whole(problem: BaseException, tree: ast.Module, line: int, name: str) -> str:
    """Return the note on a file that fails as a whole, at a line of its top level."""
    if isinstance(problem, SyntaxError) and problem.lineno:
        what = f"{name}, line {problem.lineno} is not Python ({problem.msg})"
        line = problem.lineno
    else:
        what = f"the file stops with an error when it is run as a whole ({first_line(problem)})"
    return "; ".join(
        filter(None, [what, _belongs(tree.body, problem, line), "what it defines was graded"])
    )


def of_statement(problem: BaseException, one: Statement, trees: Sequence[ast.stmt]) -> str:
    """Return the note on a statement that failed."""
    if isinstance(problem, SyntaxError):
        line = problem.lineno or one.tree.lineno
        what = f"{one.place}, line {line} is not Python ({problem.msg})"
    else:
        what = f"{one} stopped with {first_line(problem)}"
    told = _belongs(trees, problem, one.tree.lineno)
    return "; ".join(filter(None, [what, told, "the rest was run"]))


def without(notes: Sequence[str], note: str) -> list[str]:
    """Return the notes that do not tell of the same line that it is not Python."""
    where, is_python, _ = note.partition(" is not Python")
    return [one for one in notes if not is_python or not one.startswith(where + is_python)]


def first_line(problem: BaseException) -> str:
    """Return an exception's kind and the first line of its message, if it has one."""
    try:
        lines = as_written(str(problem)).strip().splitlines()
    except Exception:  # a student's exception whose __str__ fails
        lines = []
    kind = type(problem).__name__
    return f"{kind}: {lines[0][:200]}" if lines else kind


def _belongs(trees: Sequence[ast.stmt], problem: BaseException, line: int) -> str:
    """Return what to add to the error of a line at the top; "" if it may well belong there.

    Arguments:
        trees: the file's statements.
        line: the one that failed.
    """
    above = [one for one in trees if (one.end_lineno or one.lineno) < line]
    functions = [one for one in above if isinstance(one, DEFINITIONS)]
    if not functions or not any(one.lineno <= line <= (one.end_lineno or 0) for one in trees):
        return ""
    last = functions[-1]
    if isinstance(problem, SyntaxError):
        if not any(words in str(problem.msg) for words in OUTSIDE) or _is_within(trees, line):
            return ""
        return f"line {line} is not indented; if it belongs to `{last.name}`, indent it"
    name = getattr(problem, "name", None)
    if not isinstance(problem, NameError) or type(name) is not str:
        return ""
    given = {node.arg for node in ast.walk(last) if isinstance(node, ast.arg)}
    inside = set().union(given, *(bound(one) for one in last.body))
    outside = set().union(*(bound(one) for one in trees))
    if name not in inside or name in outside - bound(last):
        return ""
    return f"only `{last.name}` knows `{name}`; if line {line} belongs to it, indent the line"


def _is_within(trees: Sequence[ast.stmt], line: int) -> bool:
    """Tell whether a line stands inside a definition, which its own error is about."""
    return any(
        isinstance(one, DEFINITIONS) and one.lineno <= line <= (one.end_lineno or 0)
        for one in trees
    )

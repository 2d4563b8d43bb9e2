"""A known mistake: how it changes the solution, and the message for the student who makes it.

Files in ``mistakes/<part>/<function>.py`` import only this module. Their table MISTAKES holds changes
that an operator makes. Below it may stand wrong functions, as a student would hand them in; they are
read, never run here. A wrong function's name is the mistake's id, its docstring's first line is what
is wrong, and the lines after it are the hint.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import SourceError
from autograder.files import parse
from autograder.operators.changes import layer
from autograder.operators.edits import Edit
from autograder.operators.operators import (
    Operator,
    after,
    argument,
    before,
    both,
    drop,
    exchange,
    move,
    swap,
    unwrap,
)
from autograder.operators.trees import read, write
from autograder.outputs import read_about
from autograder.parts import Part

__all__ = [
    "Mistake",
    "after",
    "apply",
    "argument",
    "before",
    "both",
    "drop",
    "edit_of",
    "exchange",
    "function_in",
    "layer",
    "load_mistakes",
    "move",
    "swap",
    "unwrap",
]
TABLE = "MISTAKES"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known wrong way to write the solution.

    Attributes:
        id: a short name, unique in the part.
        change: an operator that changes the solution's function, or the source of a wrong function;
            None if a person named a student's outputs, without code.
        says: what is wrong, as a sentence to the student; by default the operator's own.
        hint: a second sentence that leads to the fix without giving the code.
        function: the student's function or class that has the mistake.
        loses: the names of the checks that it loses, as `record` found them.
    """

    id: str
    change: Operator | str | None
    says: str = ""
    hint: str = ""
    function: str = ""
    loses: tuple[str, ...] = ()


def load_mistakes(part: Part, recorded: bool = True) -> tuple[Mistake, ...]:
    """Return a part's mistakes; raise SourceError if there are none, or an id is used twice.

    What each one loses is in the recorded fingerprints. It is empty for one that is not recorded yet;
    with `recorded` false, for all.
    """
    if not part.mistakes.is_dir():
        raise SourceError(f"{part.mistakes}: not found")
    known = recorded and part.fingerprints.is_file()
    lost: dict[str, list[str]] = read_about(part.fingerprints).get("loses", {}) if known else {}
    files = {path.stem: path for path in sorted(part.mistakes.glob("*.py"))}
    if odd := files.keys() - {*part.functions(), "__init__"}:
        raise SourceError(f"{files[min(odd)]}: there is no probe for {min(odd)}")
    mistakes: dict[str, Mistake] = {}
    for function in filter(files.get, part.functions()):
        path = files[function]
        for mistake in _read(path):
            if mistake.id in mistakes:
                raise SourceError(f"{path}: the id {mistake.id!r} is used twice")
            loses = tuple(lost.get(mistake.id, ()))
            says = mistake.says or getattr(mistake.change, "sentence", "")
            if not says:
                raise SourceError(f"{path}: {mistake.id} has no sentence that says what is wrong")
            mistakes[mistake.id] = replace(mistake, function=function, says=says, loses=loses)
    return tuple(mistakes.values())


def _read(path: Path) -> list[Mistake]:
    """Return the mistakes of a file: those of its table, then its wrong functions."""
    text = path.read_text(encoding="utf-8")
    tree = parse(text)
    wrong = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    rest = [n for n in tree.body if n not in wrong]
    names: dict[str, tuple[Mistake, ...]] = {}
    exec(compile(ast.Module(rest, []), str(path), "exec"), names)  # noqa: S102  # as an import does
    return [*names.get(TABLE, ()), *(_wrong(node, text, path) for node in wrong)]


def _wrong(node: ast.FunctionDef | ast.ClassDef, text: str, path: Path) -> Mistake:
    says, _, hint = (ast.get_docstring(node) or "").partition("\n")
    if not says:
        raise SourceError(f"{path}: {node.name} has no docstring that says what is wrong")
    source = ast.get_source_segment(text, node)
    return Mistake(node.name.replace("_", "-"), source, says, " ".join(hint.split()))


def function_in(source: str, name: str) -> str:
    """Return the source of one function or class; raise SourceError if it is not there."""
    return _function(source, name).group()


def _function(source: str, name: str) -> re.Match[str]:
    pattern = rf"^(?:def|class) {re.escape(name)}\b.*?(?=^[^\s)]|\Z)"
    match = re.search(pattern, source, re.MULTILINE | re.DOTALL)
    if not match:
        raise SourceError(f"the solution has no {name}")
    return match


def edit_of(mistake: Mistake, function: str) -> Edit | None:
    """Return a mistake as an edit of its function's source, which composes with others.

    None if it is a wrong function. Raises SourceError if a place is not there.
    """
    if not isinstance(mistake.change, Operator):
        return None
    return Edit(mistake.id, mistake.says, mistake.change.find(read(function)))


def apply(mistake: Mistake, source: str) -> str:
    """Return the solution with the mistake in it; raise SourceError if it does not apply."""
    try:
        match = _function(source, mistake.function)
        text = match.group()
        tree, behind = read(text), text[len(text.rstrip()) :]
        changed = _changed(mistake, tree)
    except SourceError as problem:
        raise SourceError(f"mistake {mistake.id}: {problem} in {mistake.function}") from problem
    if changed == write(tree):
        raise SourceError(f"mistake {mistake.id}: changes nothing")
    return f"{source[: match.start()]}{changed}{behind}{source[match.end() :]}"


def _changed(mistake: Mistake, tree: ast.Module) -> str:
    """Return the source of the changed function; a wrong one gets the solution's docstring."""
    if isinstance(mistake.change, Operator):
        return write(mistake.change.edit(tree).apply(tree))
    (right,), (wrong,) = tree.body, parse(mistake.change or "").body
    assert isinstance(wrong, ast.FunctionDef | ast.ClassDef)
    assert isinstance(right, ast.FunctionDef | ast.ClassDef)
    described = [right.body[0]] if ast.get_docstring(right) else []
    wrong.name, wrong.body = mistake.function, [*described, *wrong.body[1:]]
    return write(ast.Module([wrong], []))

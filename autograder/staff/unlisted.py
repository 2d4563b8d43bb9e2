"""Wrong functions that are in no list of mistakes, in tests/unlisted/<part>/, and how they are graded.

The listed mistakes show what the grader knows. These show what it does with the rest: each must lose a
check, and none may be given the name of a mistake that it does not make.

A file holds any number of them. Imports and helpers, whose names begin with `_`, go with each one:

    def <function>__<slug>(<the function's own arguments>):
        '''What is wrong, in one line.

        May be named: <mistake id>, <mistake id>.
        '''

The second sentence is for those of which the message of a listed mistake is true, word for word.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SourceError
from autograder.handins.submission import Submission
from autograder.judging.scoring import Judge
from autograder.mistake import load_mistakes
from autograder.parts import Part
from autograder.running import runner
from autograder.running.protocol import Workers
from autograder.staff.variants import lost_checks

MAY_BE_NAMED = re.compile(r"^\s*May be named: ([\w., \n-]+?)\.?\s*$", re.MULTILINE)
SEPARATOR = "__"


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A wrong function that is in no list.

    Attributes:
        id: "<function>__<slug>".
        function: the student's function or class that it stands for.
        says: what is wrong.
        may_be_named: the ids of the listed mistakes that it makes.
        source: imports and helpers of its file, and the function under its plain name.
    """

    id: str
    function: str
    says: str
    may_be_named: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How a function that is in no list was graded: the checks that it lost, and names they gave."""

    unlisted: Unlisted
    lost: frozenset[str]
    named: frozenset[str]

    @property
    def false_names(self) -> frozenset[str]:
        return self.named - self.unlisted.may_be_named


def read_unlisted(part: Part) -> list[Unlisted]:
    """Read a part's functions that are in no list; raise SourceError for one that is badly written."""
    known = {mistake.id for mistake in load_mistakes(part)}
    found = [one for path in sorted(part.unlisted.glob("*.py")) for one in _read(path, part)]
    for one in found:
        if strange := one.may_be_named - known:
            raise SourceError(f"{one.id}: no mistake is called {', '.join(sorted(strange))}")
        if sum(other.id == one.id for other in found) > 1:
            raise SourceError(f"{one.id}: is there twice")
    return found


def _read(path: Path, part: Part) -> list[Unlisted]:
    text = path.read_text(encoding="utf-8")
    shared, wrong = [], []
    for node in ast.parse(text).body:
        segment = _segment(node, text)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            wrong.append((node, segment))
        else:
            shared.append(segment)
    return [_unlisted(node, segment, shared, path, part) for node, segment in wrong]


def _segment(node: ast.stmt, text: str) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _unlisted(
    node: ast.FunctionDef | ast.ClassDef, segment: str, shared: list[str], path: Path, part: Part
) -> Unlisted:
    function, separator, slug = node.name.partition(SEPARATOR)
    documentation = ast.get_docstring(node) or ""
    if not separator or not slug or not part.probes_of(function):
        raise SourceError(f"{path.name}: {node.name}: call it <function>{SEPARATOR}<slug>")
    if not documentation:
        raise SourceError(f"{path.name}: {node.name}: a docstring says what is wrong")
    match = MAY_BE_NAMED.search(documentation)
    names = frozenset(re.split(r",\s*", match[1].strip())) if match else frozenset()
    plain = re.sub(rf"\b{re.escape(node.name)}\b", function, segment)
    source = "\n\n".join([*shared, plain])
    return Unlisted(node.name, function, documentation.splitlines()[0], names, source)


def put_in(one: Unlisted, solution: str) -> str:
    """Return the solution with a wrong function in place of its own."""
    for node in ast.parse(solution).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == one.function:
            lines = solution.splitlines()
            start, end = node.lineno - 1, node.end_lineno
            return "\n".join([*lines[:start], one.source, *lines[end:]]) + "\n"
    raise SourceError(f"{one.id}: the solution has no {one.function}")


def try_unlisted(
    part: Part, workers: Workers, judge: Judge, functions: Sequence[Unlisted]
) -> list[Tried]:
    """Run wrong functions on the probes of theirs, several side by side, and judge them."""
    solution, name = part.solution.read_text(encoding="utf-8"), part.solution.name

    # Python 3.11's parser is not safe in threads: parse first.
    sources = [put_in(one, solution).encode() for one in functions]

    def attempt(one: Unlisted, source: bytes) -> Tried:
        probes = part.probes_of(one.function)
        outputs = runner.run(workers, Submission(name, name, {name: source}), part, probes)
        lost = lost_checks(judge, outputs, one.function)
        names = frozenset(check.mistake for check in lost if check.mistake)
        return Tried(one, frozenset(check.name for check in lost), names)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(attempt, functions, sources))

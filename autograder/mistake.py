"""A known mistake: how it changes the solution, and the message for the student who makes it.

Files in ``mistakes/`` import only this module.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass

from autograder.errors import SourceError
from autograder.parts import Part


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known wrong way to write the solution.

    Attributes:
        id: a short name, unique in the part.
        function: the student's function or class that has the mistake.
        says: what is wrong, as a sentence to the student.
        hint: a second sentence that leads to the fix without giving the code.
        loses: the names of exactly the checks that it loses.
        old, new: a text in the solution's function, and what replaces it; or
        body: lines that replace everything between the function's markers.
    """

    id: str
    function: str
    says: str
    hint: str
    loses: tuple[str, ...]
    old: str = ""
    new: str = ""
    body: str = ""


def load_mistakes(part: Part) -> tuple[Mistake, ...]:
    """Return a part's mistakes; raise SourceError if there is no such file or an id is used twice."""
    spec = importlib.util.spec_from_file_location(f"mistakes_{part.name}", part.mistakes)
    if spec is None or spec.loader is None or not part.mistakes.is_file():
        raise SourceError(f"{part.mistakes}: not found")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    mistakes: tuple[Mistake, ...] = tuple(module.MISTAKES)
    ids = [mistake.id for mistake in mistakes]
    for one in ids:
        if ids.count(one) > 1:
            raise SourceError(f"{part.mistakes}: the id {one!r} is used twice")
    return mistakes


def apply(mistake: Mistake, source: str) -> str:
    """Return the solution with the mistake in it; raise SourceError if it does not apply."""
    pattern = rf"^(?:def|class) {re.escape(mistake.function)}\(.*?(?=^\S|\Z)"
    match = re.search(pattern, source, re.MULTILINE | re.DOTALL)
    if not match:
        raise SourceError(f"mistake {mistake.id}: the solution has no {mistake.function}")
    text = match.group()
    if mistake.body:
        region = re.compile(r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.DOTALL)
        lines = mistake.body.strip("\n").splitlines()
        changed = region.sub(lambda m: "\n".join(m.group(1) + line for line in lines), text, 1)
    else:
        if text.count(mistake.old) < 1:
            raise SourceError(f"mistake {mistake.id}: {mistake.old!r} is not in {mistake.function}")
        changed = text.replace(mistake.old, mistake.new, 1)
    if changed == text:
        raise SourceError(f"mistake {mistake.id}: changes nothing")
    return source[: match.start()] + changed + source[match.end() :]

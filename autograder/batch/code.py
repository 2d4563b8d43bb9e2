"""The functions that each student wrote, kept beside the results, so that staff can look at them.

DIR/results/<student>/code.json     {function: text}; read back as data, and never run
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping

from autograder.batch.groups import Group
from autograder.batch.store import Store
from autograder.files import write_bytes
from autograder.handins.excerpts import excerpts
from autograder.handins.submission import Submission
from autograder.parts import Part

FILE = "code.json"
LARGEST = 4 << 20  # bytes of such a file that are read


def keep_code(store: Store, key: str, submission: Submission, functions: Collection[str]) -> None:
    """Write the texts of a student's functions; whoever had them already keeps the file."""
    data = json.dumps(excerpts(submission, functions), indent=1, sort_keys=True).encode()
    path = store.of(key) / FILE
    if not path.is_file() or path.read_bytes() != data:
        write_bytes(path, data)


def code_of(store: Store, key: str, function: str) -> str:
    """Return the text of a student's function; "" if none was kept."""
    path = store.of(key) / FILE
    try:
        if path.stat().st_size > LARGEST:
            return ""
        text = json.loads(path.read_bytes()).get(function, "")
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""  # graded before texts were kept, or damaged: there is nothing to show
    return text if isinstance(text, str) else ""


def lines_of(store: Store, group: Group) -> str:
    """Return the text of a group's function as the first member wrote it of whom it was kept."""
    return next((text for text in ways_of(store, group)), "")


def ways_of(store: Store, group: Group) -> list[str]:
    """Return the different texts of a group's function, in the order of its members."""
    texts = (code_of(store, key, group.function) for key in group.members)
    return list(dict.fromkeys(text for text in texts if text))


def solution_of(part: Part, function: str) -> str:
    """Return the text of the solution's function."""
    return _solution(part).get(function, "")


@functools.lru_cache(maxsize=16)
def _solution(part: Part) -> Mapping[str, str]:
    name = part.solution.name
    given = Submission("solution", name, {name: part.solution.read_bytes()})
    return excerpts(given, part.functions())

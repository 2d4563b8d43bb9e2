"""A witness of whether two functions are the same: inputs and weights that no search has seen."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from autograder.files import write_bytes
from autograder.judging.shown import same, shown
from autograder.parts import Part
from autograder.running.protocol import Workers
from autograder.search.trying import Candidate, Tries


@contextmanager
def witness(part: Part, workers: Workers) -> Iterator[Tries]:
    """Ask a part's probes with inputs and weights of another key, which no search has seen."""
    with tempfile.TemporaryDirectory() as folder:
        other = replace(part, course=folder)
        other.key_file.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(other.key_file, f"{secrets.token_hex(16)}\n".encode())
        yield Tries(other, (), lambda: workers)


def shows_the_same(tries: Tries, function: str, one: Candidate, other: Candidate) -> bool:
    """Return whether two changes of a function show the same."""
    if one.source == other.source:
        return True
    seen = [shown(tries.part, function, tries.outputs(function, each)) for each in (one, other)]
    return seen[0] is not None and seen[1] is not None and same(seen[0], seen[1])

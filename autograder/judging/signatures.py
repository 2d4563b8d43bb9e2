"""Signatures of the stored answers, to notice a change since they were recorded.

`checks/<part>.sha256` has the format that `sha256sum --check` reads. It guards against a file that was
damaged or changed by mistake, not against a person who can write both.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.errors import AnswersError
from autograder.files import write_bytes
from autograder.parts import Part


def sign(part: Part) -> None:
    """Write the hashes of a part's answers and fingerprints, and of the course's key."""
    paths = [path for path in _signed(part) if path.exists()]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    write_bytes(part.signatures, "".join(lines).encode())


def check(part: Part) -> None:
    """Raise AnswersError, with the file's name, if a part's answers have changed since recording."""
    if not part.answers.exists():
        raise AnswersError(f"{part.answers}: not found; students' copies have `check` alone")
    try:
        lines = part.signatures.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise AnswersError(
            f"{part.signatures}: not found; run `autograder record {part.name}`"
        ) from None
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for path in _signed(part):
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() != known.get(path.name) and (
            data or path.name in known
        ):
            raise AnswersError(f"{path}: is not as it was recorded; restore it, or record again")


def _signed(part: Part) -> list[Path]:
    return [part.answers, part.fingerprints, *([part.key_file] if part.key else [])]

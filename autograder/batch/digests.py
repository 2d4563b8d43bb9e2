"""What a stored result was made from, as hashes: what of it still holds is found by comparing them.

Folders are hashed whole, so that no new module can be forgotten. A change in a folder that runs student
code runs a class again; a change in one that judges only judges its stored outputs again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from autograder import __version__
from autograder.handins.submission import Submission
from autograder.parts import PACKAGE, Part
from autograder.running.warm import Settings

RUN = ("worker", "probing", "running")
JUDGE = ("judging", "reports", "handins", "batch")
STORED = "outputs.py"  # the form in which outputs are stored


def of_running(part: Part, settings: Settings) -> str:
    """Hash what outputs depend on besides the submission."""
    settled = {
        "limits": asdict(settings.limits),
        "isolation": settings.isolation,
        "torch": metadata.version("torch"),
        "files": _of_paths([part.probes, PACKAGE / STORED, *_files(RUN)]),
    }
    return of_bytes(json.dumps(settled, sort_keys=True).encode())


def of_judging(part: Part) -> str:
    """Hash what a result and its pages depend on besides the outputs."""
    own = [part.suite, part.answers, part.fingerprints, part.mistakes]
    ground_floor = sorted(PACKAGE.glob("*.py"))
    return of_bytes(f"{__version__} {_of_paths([*own, *ground_floor, *_files(JUDGE)])}".encode())


def of_submission(submission: Submission) -> str:
    """Hash a submission's files and which of them is the part's."""
    whole = hashlib.sha256(submission.main.encode())
    for name in sorted(submission.files):
        whole.update(f"\0{name}\0{of_bytes(submission.files[name])}".encode())
    return whole.hexdigest()


def of_file(path: Path) -> str:
    """Hash a file; one that is not there has an empty hash."""
    return of_bytes(path.read_bytes()) if path.is_file() else ""


def of_bytes(data: bytes) -> str:
    """Hash bytes."""
    return hashlib.sha256(data).hexdigest()


def _files(folders: Iterable[str]) -> list[Path]:
    """Return every file below some of the package's folders, without what Python leaves there."""
    paths = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*"))]
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


def _of_paths(paths: Iterable[Path]) -> str:
    return of_bytes("".join(f"{path.name} {of_file(path)}\n" for path in paths).encode())

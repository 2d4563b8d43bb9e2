"""Hashes of what a stored result was made from. Comparing them shows what is still valid.

Whole folders are hashed, so that no new module can be forgotten. If a folder that runs student code
changes, a class is run again; if one that only judges changes, its stored outputs are judged again.
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
from autograder.judging.named import folder_of
from autograder.parts import PACKAGE, Part
from autograder.running.warm import Settings

RUN = ("worker", "probing", "running")
JUDGE = ("judging", "operators", "search", "reports", "handins", "batch")
STORED = "outputs.py"  # the format in which outputs are stored


def of_running(part: Part, settings: Settings) -> str:
    """Hash what outputs depend on besides the submission."""
    inputs = {
        "limits": asdict(settings.limits),
        "isolation": settings.isolation,
        "torch": metadata.version("torch"),
        "key": part.key_id,
        "files": _of_paths([part.probes, PACKAGE / STORED, *_files(RUN)]),
    }
    return of_bytes(json.dumps(inputs, sort_keys=True).encode())


def of_judging(part: Part) -> str:
    """Hash what a result and its pages depend on besides the outputs."""
    own = [part.suite, part.answers, part.fingerprints, *sorted(part.mistakes.glob("*.py"))]
    own += sorted(folder_of(part).glob("*.npz"))
    ground_floor = sorted(PACKAGE.glob("*.py"))
    return of_bytes(f"{__version__} {_of_paths([*own, *ground_floor, *_files(JUDGE)])}".encode())


def of_submission(submission: Submission) -> str:
    """Hash a submission's files, and the name of the part's file."""
    whole = hashlib.sha256(submission.main.encode(errors="surrogatepass"))
    for name in sorted(submission.files):
        line = f"\0{name}\0{of_bytes(submission.files[name])}"
        whole.update(line.encode(errors="surrogatepass"))
    return whole.hexdigest()


def of_file(path: Path) -> str:
    """Hash a file; a missing file has an empty hash."""
    return of_bytes(path.read_bytes()) if path.is_file() else ""


def of_bytes(data: bytes) -> str:
    """Hash bytes."""
    return hashlib.sha256(data).hexdigest()


def _files(folders: Iterable[str]) -> list[Path]:
    """Return every file below some of the package's folders, without Python's caches."""
    paths = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*"))]
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


def _of_paths(paths: Iterable[Path]) -> str:
    return of_bytes("".join(f"{path.name} {of_file(path)}\n" for path in paths).encode())

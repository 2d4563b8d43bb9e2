"""Run a student's code and send back what it computed. Runs inside the sandbox.

The worker holds a submission and the probes, and no answer. What it sends is data, which the engine
does not trust. It ends with ``os._exit``, so that no student code runs afterwards.

It sends frames: the lengths of header and body, the header as JSON, and the body, which is the arrays'
raw bytes. The header describes each array as [name, dtype, shape].
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import struct
import sys
import traceback
import types
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.worker import cuda_on_cpu, loading

SEED = 20260101  # every probe starts from the same random state
LAST_LINES = 12  # of a student's traceback
PROBE = "probe_"


class Missing(AttributeError):
    """The student's file does not define what a probe asks for."""


class Student:
    """The student's module, with a clear error for a name that it lacks."""

    def __init__(self, module: types.ModuleType, problems: list[BaseException]) -> None:
        self._module = module
        self._problems = problems

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(self._module, name)
        except AttributeError:
            reason = f"`{name}` is not defined in your file"
            if self._problems:
                reason += f"; loading it stopped with: {_one_line(self._problems[0])}"
            raise Missing(reason) from None

    @contextlib.contextmanager
    def replaced(self, name: str, value: Any) -> Iterator[None]:
        """Replace the value of one of the module's names for a while."""
        names = self._module.__dict__
        had, before = name in names, names.get(name)
        names[name] = value
        try:
            yield
        finally:
            if had:
                names[name] = before
            else:
                del names[name]


def run(
    request: dict[str, Any],
    folder: Path,
    channel: int,
    probes: types.ModuleType,
) -> None:
    """Load the submission in `folder`, run the requested probes, and send a frame for each step."""
    path = folder / request["main"]
    os.chdir(path.parent)
    _open_folders(path, folder)
    served = cuda_on_cpu.install() if _mentions_cuda(folder) else None
    send(channel, {"event": "loading"})
    try:
        loaded = loading.load(path, request["definitions_only"], request["probes"])
    except BaseException as problem:  # also SystemExit and KeyboardInterrupt, at import
        send(channel, {"event": "unloadable", "message": describe(problem, folder)})
        return
    send(channel, {"event": "loaded", "notes": loaded.notes})
    student = Student(loaded.module, loaded.problems)
    for name in request["probes"]:
        send(channel, {"event": "start", "probe": name})
        seed_everything()
        header, body = _ask(getattr(probes, PROBE + name), student, folder)
        header["served"] = bool(served is not None and served.used)
        send(channel, {"event": "done", "probe": name, **header}, body)
    send(channel, {"event": "end"})


def _open_folders(path: Path, top: Path) -> None:
    """Let a file import from its own folder and those above it first, and last from all others.

    In its own place a student may have run it from the top, or have put other folders on the path.
    """
    above = [folder for folder in path.parents if folder == top or top in folder.parents]
    modules = sorted({module.parent for module in top.rglob("*.py")})
    sys.path[:0] = map(str, above)
    sys.path += [str(folder) for folder in modules if folder not in above]
    package = types.ModuleType("handed_in")  # of the module, for its relative imports
    package.__path__ = [str(path.parent.parent)]
    sys.modules[package.__name__] = package


def unpack(request: dict[str, Any], folder: Path) -> None:
    """Write a submission's files into its folder."""
    for member, content in request["files"].items():
        path = folder / member
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b64decode(content))


def tell_failure(channel: int, problem: Exception) -> None:
    """Send a frame for an error of our own; errors in student code are caught before."""
    what = f"{type(problem).__name__}: {problem}"
    send(channel, {"event": "failed", "message": what[:1000]})


def seed_everything() -> None:
    """Seed every random generator that student code may use."""
    import random

    import numpy
    import torch

    random.seed(SEED)
    numpy.random.seed(SEED)
    torch.manual_seed(SEED)


def _ask(
    probe: Callable[[Any], dict[str, Any]], student: Student, folder: Path
) -> tuple[dict[str, Any], bytes]:
    try:
        arrays = probe(student)
        packed = [(name, *_pack(value)) for name, value in arrays.items()]
    except BaseException as problem:  # student code may raise anything
        return {"status": _status(problem), "message": describe(problem, folder)}, b""
    fields = [[name, kind, shape] for name, kind, shape, _ in packed]
    return {"status": "ok", "arrays": fields}, b"".join(data for *_, data in packed)


def _pack(value: Any) -> tuple[str, list[int], bytes]:
    import numpy

    array = numpy.asarray(value)
    array = numpy.ascontiguousarray(array).reshape(array.shape)
    return array.dtype.str, list(array.shape), array.tobytes()


def _status(problem: BaseException) -> str:
    if isinstance(problem, Missing):
        return "missing"
    if isinstance(problem, NotImplementedError):
        return "todo"
    if type(problem).__name__ == "Slip":  # the probes raise it for a wrong kind of return value
        return "slip"
    return "error"


def describe(problem: BaseException, folder: Path) -> str:
    """Describe an exception to the student: the error, and the last lines of their own traceback."""
    if _status(problem) in ("missing", "slip") or type(problem).__name__ == "Unreadable":
        return str(problem)
    if isinstance(problem, SystemExit):
        return f"your code ended the program: sys.exit({problem.code!r})"
    head = _one_line(problem)
    if isinstance(problem, SyntaxError) and problem.lineno is not None:
        where = f"{Path(str(problem.filename)).name}, line {problem.lineno}"
        head = f"{where}: {type(problem).__name__}: {problem.msg}"
        return f"{head}\n  {problem.text.strip()[:100]}" if problem.text else head
    lines = []
    for frame in traceback.extract_tb(problem.__traceback__):
        if _is_students(frame.filename, folder):
            where = Path(frame.filename).name
            lines.append(f"{where}, line {frame.lineno}, in {frame.name}")
            if frame.line:
                lines.append(f"  {frame.line}")
    return "\n".join([head, *lines[-LAST_LINES:]])


def _is_students(filename: str, folder: Path) -> bool:
    if filename.startswith((str(folder), "code cell ")):
        return True
    return not {"/", os.sep} & set(filename) and not filename.startswith("<")


def _one_line(problem: BaseException) -> str:
    try:
        text = " ".join(str(problem).split())
    except Exception:  # a student's exception whose __str__ fails
        text = "(its message cannot be shown)"
    text = text if len(text) <= 300 else text[:300] + "..."
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__


def _mentions_cuda(folder: Path) -> bool:
    return any(
        re.search(rb"cuda|mps", path.read_bytes())
        for path in folder.rglob("*")
        if path.suffix in (".py", ".ipynb") and path.is_file()
    )


def send(channel: int, header: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(header).encode()
    data = memoryview(struct.pack("<IQ", len(text), len(body)) + text + body)
    while data:
        data = data[os.write(channel, data) :]


def silence() -> None:
    """Discard what the student's code prints."""
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    if nowhere > 2:
        os.close(nowhere)

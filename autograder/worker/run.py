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
import struct
import sys
import types
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.worker import cuda_on_cpu, folders, in_process, loading
from autograder.worker.describing import Describer, one_line
from autograder.worker.surroundings import Surroundings

PROBE = "probe_"
NETWORK = "network"  # what a probe returns under this name is text about layers, and no array
GIVEN = "_given"  # in a probe's name, behind that of the function that it asks


class Missing(AttributeError):
    """The student's file does not define what a probe asks for."""


class Student:
    """The student's module, with a clear error for a name that it lacks."""

    def __init__(self, module: types.ModuleType, problems: list[BaseException]) -> None:
        self._module = module
        self._problems = problems

    def __getattr__(self, name: str) -> Any:
        try:
            value = getattr(self._module, name)
        except AttributeError:
            reason = f"`{name}` is not defined in your file"
            if self._problems:
                reason += f"; loading it stopped with: {one_line(self._problems[0])}"
            raise Missing(reason, name=name) from None
        if not callable(value):
            kind = "None" if value is None else f"of type {type(value).__name__}"
            reason = (
                f"`{name}` is {kind} in your file, and no function; which line gives it a value?"
            )
            raise Missing(reason, name=name)
        return value

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
    folders.open_folders(path, folder)
    surroundings = Surroundings(path.parent, path.name)
    served = cuda_on_cpu.install() if cuda_on_cpu.is_mentioned_in(folder) else None
    loaders = in_process.install()
    describer = Describer(folder)
    send(channel, {"event": "loading"})
    try:
        loaded = loading.load(path, request["way"], request["probes"], request["seconds"])
    except BaseException as problem:  # also SystemExit and KeyboardInterrupt, at import
        send(channel, {"event": "unloadable", "message": describer.describe(problem)})
        return
    send(channel, {"event": "loaded", "notes": loaded.notes})
    describer.names = loaded.module.__dict__
    describer.trees, describer.problems = loaded.trees, loaded.problems
    student = Student(loaded.module, loaded.problems)
    for name in request["probes"]:
        send(channel, {"event": "start", "probe": name})
        surroundings.put_back()
        header, body, raised = _ask(getattr(probes, PROBE + name), student, describer, name)
        missing = str(raised.name or "") if isinstance(raised, Missing) else ""
        header["lacking"] = raised is not None and loading.may_lack(loaded, raised, missing)
        header["served"] = bool(served is not None and served.used)
        header["in_process"] = loaders.used
        send(channel, {"event": "done", "probe": name, **header}, body)
    send(channel, {"event": "end"})


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


def _ask(
    probe: Callable[[Any], dict[str, Any]], student: Student, describer: Describer, name: str
) -> tuple[dict[str, Any], bytes, BaseException | None]:
    try:
        found = probe(student)
        network = found.get(NETWORK, "")
        arrays = {name: value for name, value in found.items() if not isinstance(value, str)}
        packed = [(name, *_pack(value)) for name, value in arrays.items()]
    except BaseException as raised:  # student code may raise anything
        function = name.partition(GIVEN)[0]
        status = _status(raised, describer, function)
        header = {"status": status, "message": describer.describe(raised, function)}
        return {**header, NETWORK: getattr(raised, "__dict__", {}).get(NETWORK)}, b"", raised
    fields = [[name, kind, shape] for name, kind, shape, _ in packed]
    return (
        {"status": "ok", "arrays": fields, NETWORK: network},
        b"".join(data for *_, data in packed),
        None,
    )


def _pack(value: Any) -> tuple[str, list[int], bytes]:
    import numpy

    array = numpy.asarray(value)
    array = numpy.ascontiguousarray(array).reshape(array.shape)
    return array.dtype.str, list(array.shape), array.tobytes()


def _status(problem: BaseException, describer: Describer, function: str) -> str:
    if isinstance(problem, Missing):
        return "missing"
    if describer.is_to_do(problem, function):
        return "todo"
    if type(problem).__name__ == "Slip":  # the probes raise it for a wrong kind of return value
        return "slip"
    return "error"


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

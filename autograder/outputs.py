"""What the probes returned: named arrays, and how each probe fared.

Stored as an npz file without pickle. Arrays are keyed "<probe>/<array>"; everything else is JSON
under the key "about". Two readers, one set of caps: ``parse_arrays`` for a worker's frames, which
nobody trusts, and ``load`` for files.
"""

from __future__ import annotations

import errno
import io
import json
import math
import os
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.errors import AnswersError, AutograderError, WireError

Array = npt.NDArray[Any]

KINDS = frozenset(("<f4", "<f8", "<f2", "<i8", "<i4", "|u1", "|i1", "|b1", "<c8", "<c16"))
MAX_ARRAYS = 64  # of one probe; the richest probe has about 20
MAX_RANK = 8
MAX_BYTES = 4 << 20  # of one probe; the largest has 100 kB
MAX_FILE_BYTES = 64 << 20
MAX_MESSAGE = 4000  # characters
ABOUT = "about"
DAMAGE = (  # what zipfile, NumPy and json raise on a damaged file
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
)


@dataclass(frozen=True, slots=True)
class ProbeStatus:
    """How one probe fared.

    `status` is "ok", or why there are no arrays: "missing" (the function is not defined), "todo" (it
    is still a stub), "slip" (it returned the wrong kind of thing), "error" (it raised), "timeout",
    "crash", "malformed", "unloadable" (the file could not be run), "unasked" (time ran out before).
    """

    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Outputs:
    """All that came back from one submission's worker."""

    part: str
    arrays: Mapping[str, Array] = field(default_factory=dict)
    statuses: Mapping[str, ProbeStatus] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def of(self, probe: str) -> dict[str, Array]:
        """Return one probe's arrays by their own names."""
        prefix = probe + "/"
        return {k.removeprefix(prefix): v for k, v in self.arrays.items() if k.startswith(prefix)}


def parse_arrays(fields: object, body: bytes) -> dict[str, Array]:
    """Turn a frame's array headers, [name, dtype, shape] each, and its bytes into arrays.

    Raises WireError for anything that breaks a rule: kind, rank, count, or number of bytes.
    """
    if not isinstance(fields, list) or len(fields) > MAX_ARRAYS:
        raise WireError("the worker's reply holds no list of arrays, or too many")
    arrays: dict[str, Array] = {}
    position = 0
    for entry in fields:
        name, kind, shape = _checked_field(entry)
        if name in arrays:
            raise WireError(f"the worker's reply holds {name!r} twice")
        size = np.dtype(kind).itemsize * math.prod(shape)
        if position + size > len(body):
            raise WireError("the worker's reply is shorter than it says")
        flat = np.frombuffer(body, dtype=kind, count=math.prod(shape), offset=position)
        arrays[name] = flat.reshape(shape)
        position += size
    if position != len(body):
        raise WireError("the worker's reply is longer than it says")
    return arrays


def _checked_field(entry: object) -> tuple[str, str, tuple[int, ...]]:
    if not isinstance(entry, list) or len(entry) != 3:
        raise WireError("an array's header is not [name, dtype, shape]")
    name, kind, shape = entry
    if not isinstance(name, str) or not name.isidentifier() or len(name) > 64:
        raise WireError("an array's name is not an identifier")
    if not isinstance(kind, str) or kind not in KINDS:
        said = repr(kind[:20]) if isinstance(kind, str) else "that has no name"
        raise WireError(f"an array of kind {said} is not allowed")
    if not isinstance(shape, list) or len(shape) > MAX_RANK:
        raise WireError("an array has too many dimensions")
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise WireError("an array's shape is not made of sensible numbers")
    # An empty array counts too: NumPy refuses one whose other dimensions are beyond all memory.
    if np.dtype(kind).itemsize * math.prod(max(n, 1) for n in shape) > MAX_BYTES:
        raise WireError("an array is too large")
    return name, kind, tuple(shape)


def save(outputs: Outputs, path: Path) -> None:
    """Write an npz file, whole or not at all; equal outputs give equal bytes."""
    write_bytes(path, dumps(outputs))


def dumps(outputs: Outputs) -> bytes:
    """Return the bytes of the npz file, to travel between machines."""
    about = {
        "part": outputs.part,
        "statuses": {name: asdict(status) for name, status in outputs.statuses.items()},
        "notes": list(outputs.notes),
        "layers": list(outputs.layers),
        "versions": dict(outputs.versions),
        "seconds": round(outputs.seconds, 3),
    }
    return pack_npz(dict(outputs.arrays), about, np.savez)  # random numbers do not compress


def load(path: Path) -> Outputs:
    """Read what `save` wrote; raise AnswersError if the file is not such a file."""
    return _outputs(*read_npz(path), str(path))


def loads(data: bytes, name: str = "outputs") -> Outputs:
    """Read what `dumps` returned; raise AnswersError if it is something else."""
    return _outputs(*_read_npz(io.BytesIO(data), name), name)


def _outputs(arrays: dict[str, Array], about: dict[str, Any], path: str) -> Outputs:
    try:
        return Outputs(
            part=about["part"],
            arrays=arrays,
            statuses={name: ProbeStatus(**s) for name, s in about["statuses"].items()},
            notes=tuple(about["notes"]),
            layers=tuple(about["layers"]),
            versions=about["versions"],
            seconds=about["seconds"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise AnswersError(f"{path}: not a file of outputs ({problem})") from problem


def write_npz(path: Path, arrays: Mapping[str, Array], about: Mapping[str, Any]) -> None:
    """Write arrays and a JSON object under the key "about", atomically and reproducibly."""
    write_bytes(path, pack_npz(arrays, about))


def pack_npz(
    arrays: Mapping[str, Array],
    about: Mapping[str, Any],
    write: Callable[..., None] = np.savez_compressed,
) -> bytes:
    """Return the bytes of such a file; equal contents give equal bytes."""
    text = json.dumps(about, sort_keys=True).encode()
    buffer = io.BytesIO()
    everything = {**arrays, ABOUT: np.frombuffer(text, np.uint8)}
    write(buffer, **{key: everything[key] for key in sorted(everything)})
    return buffer.getvalue()


def read_npz(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Read what `write_npz` wrote; raise AnswersError if it cannot be read safely."""
    return _read_npz(path, str(path))


def _read_npz(source: Path | io.BytesIO, path: str) -> tuple[dict[str, Array], dict[str, Any]]:
    arrays = {}
    try:
        with zipfile.ZipFile(source) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_FILE_BYTES:
                raise AnswersError(f"{path}: unpacks to more than {MAX_FILE_BYTES >> 20} MB")
            for info in archive.infolist():
                arrays[info.filename.removesuffix(".npy")] = _read_npy(archive.read(info))
        about = json.loads(arrays.pop(ABOUT).tobytes())
    except FileNotFoundError:
        raise AnswersError(f"{path}: not found") from None
    except DAMAGE as problem:
        raise AnswersError(f"{path}: not a readable npz file ({problem})") from problem
    return arrays, about


def _read_npy(data: bytes) -> Array:
    """Read an array as np.load does, but believe its header only as far as there are bytes."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise ValueError(f"an array in format {version}")
    shape, fortran, kind = np.lib.format.read_array_header_1_0(stream)
    count, start = math.prod(shape), stream.tell()
    if kind.str not in KINDS or count < 0 or count * kind.itemsize != len(data) - start:
        raise ValueError(f"an array of kind {kind.str!r} and shape {shape}")
    flat = np.frombuffer(data, kind, count, start)
    array: Array = flat.reshape(shape, order="F" if fortran else "C").copy()
    return array


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of one.

    Raises AutograderError where no file may be written; a full disk stays an OSError.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(data)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise AutograderError(f"{path}: cannot be written: {problem.strerror}") from problem

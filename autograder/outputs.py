"""What the probes returned: named arrays, and how each probe went.

Stored as an npz file without pickle. Arrays have the keys "<probe>/<array>"; everything else is JSON
under the key "about". `load` reads these files, `running.wire` the frames of a worker; both accept
the kinds of arrays in `KINDS` only.
"""

from __future__ import annotations

import io
import json
import math
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

from autograder.errors import AnswersError
from autograder.files import write_bytes

Array = npt.NDArray[Any]
KINDS = frozenset(("<f4", "<f8", "<f2", "<i8", "<i4", "|u1", "|i1", "|b1", "<c8", "<c16"))
MAX_BYTES = 4 << 20  # of one probe; the largest has 100 kB
MAX_FILE_BYTES = 64 << 20
# Of all probes of a submission; the rest of the file is for names, statuses and notes.
MAX_ARRAYS_BYTES = MAX_FILE_BYTES - (4 << 20)
MAX_MESSAGE = 4000  # characters
# Before every text that a worker sent, because student code can send any text, also one that looks like
# the grader's. A known mistake's error is compared without it.
SAID = "from your code: "
ABOUT = "about"
DAMAGE = (  # what zipfile, NumPy and json raise on a damaged file
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    OverflowError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
)


@dataclass(frozen=True, slots=True)
class ProbeStatus:
    """How one probe went.

    `status` is "ok", or why there are no arrays: "missing" (the function is not defined), "todo" (it
    is still a stub), "slip" (it returned the wrong kind of thing), "error" (it raised), "timeout",
    "crash", "malformed", "unloadable" (the file could not be run), "unasked" (time ran out before).
    `network` is JSON about the layers of the network that was asked; it is drawn, and never judged.
    """

    status: str
    message: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Everything that came back from one submission's workers.

    `key` tells with which course's key the probes asked (`Part.key_id`); "" without one.
    """

    part: str
    arrays: Mapping[str, Array] = field(default_factory=dict)
    statuses: Mapping[str, ProbeStatus] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    key: str = ""

    def of(self, probe: str) -> dict[str, Array]:
        """Return one probe's arrays by their own names."""
        prefix = probe + "/"
        return {k.removeprefix(prefix): v for k, v in self.arrays.items() if k.startswith(prefix)}


def save(outputs: Outputs, path: Path) -> None:
    """Write an npz file, whole or not at all; equal outputs give equal bytes."""
    write_bytes(path, dumps(outputs))


def dumps(outputs: Outputs) -> bytes:
    """Return the bytes of the npz file, to send to another machine."""
    about = {
        "part": outputs.part,
        "key": outputs.key,
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
        statuses = {name: ProbeStatus(**s) for name, s in about["statuses"].items()}
        texts = [
            about["part"],
            about.get("key", ""),
            *about["notes"],
            *about["layers"],
            *about["versions"].values(),
        ]
        texts += [text for status in statuses.values() for text in asdict(status).values()]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("a text of it is none")
        return Outputs(
            part=about["part"],
            key=about.get("key", ""),
            arrays=arrays,
            statuses=statuses,
            notes=tuple(about["notes"]),
            layers=tuple(about["layers"]),
            versions=about["versions"],
            seconds=float(about["seconds"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
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


def read_about(path: Path) -> dict[str, Any]:
    """Read what is not an array of what `write_npz` wrote; raise AnswersError as `read_npz` does."""
    return _read_npz(path, str(path), arrays_too=False)[1]


def _read_npz(
    source: Path | io.BytesIO, path: str, arrays_too: bool = True
) -> tuple[dict[str, Array], dict[str, Any]]:
    arrays = {}
    try:
        if isinstance(source, Path) and source.exists() and not source.is_file():
            raise OSError("it is not a file")  # a pipe would be waited for
        with zipfile.ZipFile(source) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_FILE_BYTES:
                raise AnswersError(f"{path}: unpacks to more than {MAX_FILE_BYTES >> 20} MB")
            for info in archive.infolist() if arrays_too else [archive.getinfo(f"{ABOUT}.npy")]:
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise ValueError("compressed in another way than NumPy does it")
                arrays[info.filename.removesuffix(".npy")] = _read_npy(archive.read(info))
        about = json.loads(arrays.pop(ABOUT).tobytes())
    except FileNotFoundError:
        raise AnswersError(f"{path}: not found") from None
    except DAMAGE as problem:
        raise AnswersError(f"{path}: not a readable npz file ({problem})") from problem
    return arrays, about


def _read_npy(data: bytes) -> Array:
    """Read an array as np.load does, but refuse a header that does not fit the number of bytes."""
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

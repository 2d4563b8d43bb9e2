"""Read what a worker sends; nothing in it is used before its form is checked."""

from __future__ import annotations

import json
import math
import re
import selectors
import socket
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.errors import WireError
from autograder.outputs import KINDS, MAX_BYTES, MAX_MESSAGE, SAID, Array
from autograder.running.clock import Clock
from autograder.running.limits import Limits

MAX_ARRAYS = 64  # of one probe; the richest probe has about 20
MAX_RANK = 8
MAX_NETWORK = 8000  # characters about a network's layers
WIDEST_GAP = 8  # spaces: with more, a text could be pushed to the start of a terminal's next line
GAP = re.compile(f" {{{WIDEST_GAP},}}")


def parse_arrays(fields: object, body: bytes) -> dict[str, Array]:
    """Turn a frame's array headers, [name, dtype, shape] each, and its bytes into arrays.

    Raises WireError for anything that breaks a rule: kind, rank, count, or number of bytes.
    """
    if not isinstance(fields, list) or len(fields) > MAX_ARRAYS:
        raise WireError("what came back from your code holds no list of arrays, or too many")
    arrays: dict[str, Array] = {}
    position = 0
    for entry in fields:
        name, kind, shape = _checked_field(entry)
        if name in arrays:
            raise WireError(f"what came back from your code holds {name!r} twice")
        size = np.dtype(kind).itemsize * math.prod(shape)
        if position + size > len(body):
            raise WireError("what came back from your code is shorter than it says")
        flat = np.frombuffer(body, dtype=kind, count=math.prod(shape), offset=position)
        arrays[name] = flat.reshape(shape)
        position += size
    if position != len(body):
        raise WireError("what came back from your code is longer than it says")
    return arrays


def _checked_field(entry: object) -> tuple[str, str, tuple[int, ...]]:
    if not isinstance(entry, list) or len(entry) != 3:
        raise WireError("an array's header is not [name, dtype, shape]")
    name, kind, shape = entry
    if not isinstance(name, str) or not name.isidentifier() or len(name) > 64:
        raise WireError("an array's name is not an identifier")
    if not isinstance(kind, str) or kind not in KINDS:
        name_of_it = repr(kind[:20]) if isinstance(kind, str) else "that has no name"
        raise WireError(f"an array of kind {name_of_it} is not allowed")
    if not isinstance(shape, list) or len(shape) > MAX_RANK:
        raise WireError("an array has too many dimensions")
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise WireError("an array's shape is not made of sensible numbers")
    # Empty arrays are checked too: NumPy refuses one whose other dimensions are too large.
    if np.dtype(kind).itemsize * math.prod(max(n, 1) for n in shape) > MAX_BYTES:
        raise WireError("an array is too large")
    return name, kind, tuple(shape)


MAX_HEADER = 64 << 10  # bytes


def frames_of(
    source: socket.socket, limits: Limits, clock: Clock, end: float
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the frames that arrive on a socket until its other end closes.

    Raises TimeoutError if a frame is late, and WireError if it is not a frame. The time for loading
    counts until "loaded" or "unloadable", the time for a probe from one frame to the next.

    Arguments:
        end: when, on the clock, the submission's time is over.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        deadline = min(end, clock.now() + limits.load_seconds)

        def read(size: int) -> bytes:
            data = bytearray()
            while len(data) < size:
                left = deadline - clock.now()
                if left <= 0 or not selector.select(left):
                    if clock.give_back():
                        continue
                    raise TimeoutError
                chunk = _received(source, min(size - len(data), 1 << 20))
                if not chunk:
                    if data:
                        raise WireError("what came back from your code breaks off")
                    return b""
                data += chunk
            return bytes(data)

        while prefix := read(12):
            header_size, body_size = struct.unpack("<IQ", prefix)
            if header_size > MAX_HEADER or body_size > MAX_BYTES:
                raise WireError("what came back from your code is too large")
            try:
                header = json.loads(read(header_size))
            except (ValueError, RecursionError):
                raise WireError("what came back from your code is not JSON") from None
            if not isinstance(header, dict):
                raise WireError("what came back from your code is not a JSON object")
            body = read(body_size)
            if len(body) != body_size:
                raise WireError("what came back from your code breaks off")
            yield header, body
            if header.get("event") not in ("confined", "loading"):
                deadline = min(end, clock.now() + limits.probe_seconds)


def _received(source: socket.socket, size: int) -> bytes:
    """Return bytes from a socket; empty if the other end was closed or has ended."""
    try:
        return source.recv(size)
    except ConnectionError:
        return b""


def notes(value: object) -> list[str]:
    """Return the first texts of a list that a worker sent, each in one line with the worker's mark."""
    if not isinstance(value, list):
        return []
    return [" ".join(marked(text).split()) for text in value[:8]]


def marked(value: object) -> str:
    """Return a worker's text, marked as such; empty if it is not text.

    Its lines after the first are indented, so that none looks like the grader's.
    """
    lines = [line for line in printable(value).split("\n") if line.strip()]
    text = GAP.sub(" " * WIDEST_GAP, "\n  ".join(lines))
    return (SAID + text)[:MAX_MESSAGE] if lines else ""


def network_of(header: dict[str, Any]) -> str:
    """Return what a worker says of a network's layers, which is drawn and never judged; "" for none."""
    text = header.get("network")
    fits = isinstance(text, str) and len(text) <= MAX_NETWORK and text.isprintable()
    return str(text) if fits else ""


def own_failure(value: object) -> str:
    """Return the message for an error of the grader itself, in a worker that ran no student code."""
    what = " ".join(printable(value).split())
    return f"the autograder itself failed ({what}); tell the staff"[:MAX_MESSAGE]


def printable(value: object) -> str:
    """Return a worker's text without control characters, cut to a length; empty if it is not text."""
    text = value if isinstance(value, str) else ""
    text = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text[:MAX_MESSAGE]

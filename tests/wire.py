"""Feed the engine replies that no honest worker sends, on the path that real ones take.

`Replayer` stands where workers stand: each of its own answers with bytes that were made up beforehand.
`Mutator` makes them up: a valid reply, and something done to it.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Sequence

import numpy as np

from autograder import parts
from autograder.handins.submission import Submission
from autograder.outputs import Outputs
from autograder.running import runner
from autograder.running.limits import Limits

PART = parts.get("gan_pytorch")
PROBES = ("sample_noise", "bce_loss")
LONGEST = 1 << 20  # bytes of a made-up reply
NOTHING = Submission("made up", "gan_pytorch.py", {"gan_pytorch.py": b""})
NASTY = [
    *(None, True, False, 0, -1, 1 << 31, 1 << 70, 0.5, float("nan"), float("inf"), "", "ok", "\0"),
    *("start", "done", "end", "loaded", "unloadable", "\u202e", "x" * 5000, [], {}, [[]], [{}]),
    *([["a", "<f4", [2]]], [["a", "|O", [1]]], [["a", "<f4", [-1]]], [["a", "<f4", [True]]]),
    *([["a", "<f8", [1 << 40, 1 << 40]]], [["a", "<f4", [1] * 9]], [["a/b", "<f4", []]]),
    *([["a", "<f4", [0, *[1 << 22] * 7]]], [["a", "<f4", [0, 3]]], [["a", [["x", "<f4"]], []]]),
    *([["a", "<f4", [0.5]]], [["a", "<U9", [1]]], [["a", "<f4", []]] * 80, {"a": "b"}, ["a"] * 9),
]


class Replayer:
    """Looks like a kind of workers; each one is a reply that was made up."""

    isolation = "auto"
    versions: dict[str, str] = {}  # noqa: RUF012
    limits = Limits(load_seconds=2.0, probe_seconds=2.0, total_seconds=20.0)

    def __init__(self, reply: Callable[[], bytes]) -> None:
        self._reply = reply

    def start(self, request: object) -> Sending:
        reply = self._reply()[:LONGEST]
        return Sending(lambda channel: channel.sendall(reply))


class Sending:
    """A worker that has ended, and whose reply is sent by a thread.

    Arguments:
        send: writes to the socket; the engine may close its end meanwhile.
        busy: for how many seconds it says that it waited for a processor.
    """

    def __init__(self, send: Callable[[socket.socket], object], busy: float = 0.0) -> None:
        self.frames, channel = socket.socketpair()
        self._send, self._busy = send, busy
        threading.Thread(target=self._main, args=(channel,), daemon=True).start()

    def _main(self, channel: socket.socket) -> None:
        with channel, contextlib.suppress(BrokenPipeError):  # the engine had read enough
            self._send(channel)

    def waited(self) -> float:
        return self._busy

    def end(self, wait: float = 0.0) -> str:
        self.frames.close()
        return "exit 0"


def replay(reply: Callable[[], bytes], probes: Sequence[str] = PROBES) -> Outputs:
    """Run the engine on made-up replies."""
    return runner.run(Replayer(reply), NOTHING, PART, probes)  # type: ignore[arg-type]


def frame(header: object, body: bytes = b"") -> bytes:
    """Return a frame as workers send them."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<IQ", len(text), len(body)) + text + body


def valid_headers() -> list[tuple[dict[str, object], bytes]]:
    """Return an honest reply, as headers and bodies."""
    frames: list[tuple[dict[str, object], bytes]] = [
        ({"event": "confined", "layers": ["landlock"]}, b""),
        ({"event": "loading"}, b""),
        ({"event": "loaded", "notes": ["a note"]}, b""),
    ]
    for probe in PROBES:
        arrays = [["value", "<f4", []], ["many", "<f8", [2, 3]]]
        done = {"event": "done", "probe": probe, "status": "ok", "served": False, "arrays": arrays}
        frames += [({"event": "start", "probe": probe}, b""), (done, bytes(52))]
    return [*frames, ({"event": "end"}, b"")]


class Mutator:
    """Makes up replies; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.frames = 0  # made up so far

    def reply(self) -> bytes:
        """Return an honest reply to which up to three things were done; one in six stays honest."""
        frames = valid_headers()
        for _ in range(self._below(3)):
            self._change_frames(frames)
        data = [frame(header, body) for header, body in frames]
        self.frames += len(data)
        whole = b"".join(data)
        return self._change_bytes(whole) if self._below(2) else whole

    def _below(self, limit: int) -> int:
        return int(self.random.integers(limit))

    def _change_frames(self, frames: list[tuple[dict[str, object], bytes]]) -> None:
        at = self._below(len(frames))
        header, body = frames[at]
        kind = self._below(6)
        if kind == 0:
            frames.insert(self._below(len(frames)), frames[at])
        elif kind == 1 and len(frames) > 1:
            del frames[at]
        elif kind == 2:
            frames[at] = (header, body[: self._below(len(body) + 1)])
        elif kind == 3:
            frames[at] = (header, body + bytes(self._below(100)))
        else:
            key = str(self.random.choice([*header, "status", "arrays", "notes", "message"]))
            frames[at] = ({**header, key: NASTY[self._below(len(NASTY))]}, body)

    def _change_bytes(self, whole: bytes) -> bytes:
        data = bytearray(whole)
        at = self._below(len(data))
        kind = self._below(5)
        if kind == 0:
            data[at] ^= 1 << self._below(8)
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            data[at:at] = self.random.bytes(self._below(40))
        elif kind == 3:
            del data[at : at + 1 + self._below(20)]
        else:
            data[at : at + 12] = struct.pack("<IQ", self._below(1 << 32), self._below(1 << 62))
        return bytes(data)

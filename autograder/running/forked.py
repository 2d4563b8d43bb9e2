"""Workers that a zygote forks in milliseconds, behind every wall that the machine has. Linux only."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.errors import AutograderError
from autograder.parts import PACKAGE, ROOT, Part
from autograder.running.environment import (
    SCRUBBED,
    START_LIMIT,
    command,
    import_paths,
    library_paths,
    specification,
    where_we_are,
)
from autograder.running.limits import Limits
from autograder.running.protocol import Worker, Workers
from autograder.running.walls import require_layers
from autograder.worker.sandbox.layers import NAMESPACES


class ForkedWorkers(Workers):
    """A zygote, which has imported torch, and the confined workers that it forks."""

    def __init__(
        self,
        parts: Sequence[Part],
        isolation: str = "auto",
        preload: Sequence[str] = ("torch", "numpy"),
        limits: Limits | None = None,
    ) -> None:
        self.isolation = isolation
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._greeting: dict[str, Any] | None = None
        ours, theirs = socket.socketpair()
        paths = import_paths()
        hidden = [str(PACKAGE), *(str(ROOT / d) for d in ("solutions", "checks", "tests"))]
        hidden += dict.fromkeys(str(part.home) for part in parts if part.outside)
        spec = {
            **specification(parts, isolation, preload, self.limits),
            "readable": [*paths, *library_paths()],
            "hidden": hidden,
        }
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._process = subprocess.Popen(
            [*command("zygote"), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            env={**SCRUBBED, **where_we_are()},
            cwd="/",
            start_new_session=True,  # the engine handles Ctrl-C in the terminal
        )
        theirs.close()
        self._control = ours
        self._replies = ours.makefile("rb")
        ours.sendall(json.dumps(spec).encode() + b"\n")

    @property
    def layers(self) -> tuple[str, ...]:
        """The namespaces in force for every worker."""
        return tuple(self._ready()["layers"])

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python and of the preloaded packages."""
        return dict(self._ready()["versions"])

    def start(self, request: Mapping[str, Any]) -> Worker:
        """Let the zygote fork a worker for a request."""
        self._ready()
        frames, channel = socket.socketpair()
        frames.shutdown(socket.SHUT_WR)  # nothing is sent to a worker over it
        try:
            with channel, tempfile.TemporaryFile() as file:
                file.write(json.dumps(request).encode())
                file.seek(0)
                answer = self.ask({"op": "start"}, [file.fileno(), channel.fileno()])
        except BaseException:
            frames.close()
            raise
        return _Forked(self, int(answer["pid"]), frames)

    def ask(self, request: dict[str, Any], handles: Sequence[int] = ()) -> dict[str, Any]:
        """Send the zygote a request, return its reply; raise AutograderError if it has ended."""
        with self._lock:
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], list(handles))
            except OSError as problem:
                raise self._died() from problem
            return self._read_reply()

    def close(self) -> None:
        """End the zygote, and with it every worker."""
        self._replies.close()
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _ready(self) -> dict[str, Any]:
        with self._lock:
            if self._greeting is None:
                self._control.settimeout(START_LIMIT)
                self._greeting = self._read_reply()
                self._control.settimeout(None)
                if self.isolation == "strict":
                    require_layers(self._greeting["layers"], NAMESPACES)
            return self._greeting

    def _read_reply(self) -> dict[str, Any]:
        try:
            line = self._replies.readline()
        except OSError:
            line = b""
        if not line:
            raise self._died()
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _died(self) -> AutograderError:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            code = 0
        # A process that dies of a signal n has the code -n, or 128 + n if its child did.
        killed = abs(code) & 127 == signal.SIGKILL
        reason = "killed: too little memory?" if killed else f"exit code {code}"
        return AutograderError(
            f"the process that runs submissions ended: {lines[-1] if lines else reason}"
        )


class _Forked(Worker):
    """One worker; its zygote knows it by its process id."""

    def __init__(self, workers: ForkedWorkers, pid: int, frames: socket.socket) -> None:
        self._workers = workers
        self._pid = pid
        self._frames = frames

    @property
    def frames(self) -> socket.socket:
        """Where its frames arrive."""
        return self._frames

    def waited(self) -> float:
        """Return the seconds that the kernel counted."""
        return float(self._workers.ask({"op": "waited", "pid": self._pid})["seconds"])

    def end(self, wait: float = 0.0) -> str:
        """Let the zygote end it and all that it started."""
        with self._frames:
            answer = self._workers.ask({"op": "end", "pid": self._pid, "wait": wait})
        return str(answer["status"])

"""Workers that are new processes: each imports torch itself. macOS and Windows.

Windows cannot fork, and on macOS a fork of a process that has loaded the system's numerical libraries
may crash. There, a submission costs seconds instead of tenths of a second, and the only wall is limits
on resources (on macOS). That is enough for students who check their own work; grade a class on Linux.

Requests and frames are the same as with a zygote. They go through the standard streams, because a child
process inherits nothing else on every system.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any

from autograder.errors import AutograderError
from autograder.parts import Part
from autograder.running.environment import (
    SCRUBBED,
    START_LIMIT,
    command,
    specification,
    where_we_are,
)
from autograder.running.limits import Limits
from autograder.running.protocol import Worker, Workers
from autograder.running.walls import require_layers

KEPT = (  # variables that Windows needs, and one for Intel's OpenMP beside another OpenMP
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PATHEXT", "NUMBER_OF_PROCESSORS"),
    "KMP_DUPLICATE_LIB_OK",
)
HOMES = ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "MPLCONFIGDIR", "TMPDIR", "TEMP", "TMP")
WINDOWS_CRASHES = {  # NTSTATUS -> the signal that says the same elsewhere
    0xC0000005: signal.SIGSEGV.value,  # access violation
    0xC00000FD: signal.SIGSEGV.value,  # stack overflow
    0xC0000409: signal.SIGABRT.value,  # stack buffer overrun, also abort()
    0xC0000094: signal.SIGFPE.value,  # division by zero
    0xC000001D: signal.SIGILL.value,  # illegal instruction
}
GREETING = 1 << 16  # bytes; a greeting is shorter


class FreshWorkers(Workers):
    """Starts a process for each worker.

    The first one starts at once, before there is a submission, so that torch is imported while the
    caller does other things.
    """

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
        self._spec = specification(parts, isolation, preload, self.limits)
        self._started: list[_Fresh] = []
        self._spare: _Fresh | None = _Fresh(self._spec)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that a worker has as soon as it starts."""
        return tuple(self._ready()["layers"])

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python and of the preloaded packages."""
        return dict(self._ready()["versions"])

    def start(self, request: Mapping[str, Any]) -> Worker:
        """Hand a request to the process that waits, or to a new one."""
        self._ready()
        with self._lock:
            worker = self._spare or _Fresh(self._spec)
            self._spare = None
        try:
            worker.greeting()
            worker.ask(request)
        except BaseException:
            worker.end()
            raise
        with self._lock:
            self._started = [one for one in self._started if not one.ended] + [worker]
        return worker

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            waiting = [self._spare] if self._spare is not None else []
            workers = [*self._started, *waiting]
            self._started, self._spare = [], None
        for worker in workers:
            worker.end()

    def _ready(self) -> dict[str, Any]:
        with self._lock:
            if self._greeting is None:
                self._spare = self._spare or _Fresh(self._spec)
                self._greeting = self._spare.greeting()
            if self.isolation == "strict":
                require_layers(self._greeting["layers"])
            return self._greeting


class _Fresh(Worker):
    """A process of its own: greets when torch is imported, takes one request, sends frames."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.ended = ""  # how it ended, once it has
        self._folder = tempfile.mkdtemp(prefix="autograder-")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by end)
        self._process = subprocess.Popen(
            command("one_shot"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(self._folder),
            cwd=self._folder,
            start_new_session=True,  # the engine handles Ctrl-C; no effect on Windows
        )
        self._greeted: dict[str, Any] | None = None
        self._frames: socket.socket | None = None
        try:
            self._send({**spec, "folder": self._folder})
        except OSError:  # it has ended already; `greeting` reports why
            pass

    @property
    def frames(self) -> socket.socket:
        """Where its frames arrive, once it has a request."""
        assert self._frames is not None
        return self._frames

    def waited(self) -> float:
        """Return 0: only Linux counts how long a process waits for a processor."""
        return 0.0

    def greeting(self) -> dict[str, Any]:
        """Wait until the worker is ready; return its layers and versions; raise AutograderError."""
        if self._greeted is None:
            timer = threading.Timer(START_LIMIT, self._process.kill)
            timer.start()
            line = self._out.readline(GREETING)
            late = not timer.is_alive()
            timer.cancel()
            if late:
                raise AutograderError(f"importing PyTorch took longer than {START_LIMIT:g} s")
            if not line:
                raise self._died()
            self._greeted = json.loads(line)
        return self._greeted

    def ask(self, request: Mapping[str, Any]) -> None:
        """Send the one request; from then on frames arrive.

        They pass through a socket, because on Windows a pipe cannot be read with a time limit.
        """
        try:
            self._send(request)
        except OSError as problem:
            raise self._died() from problem
        self._frames, theirs = socket.socketpair()
        threading.Thread(target=_pass_on, args=(self._out, theirs), daemon=True).start()

    def end(self, wait: float = 0.0) -> str:
        """Wait a moment, then kill; return how it ended."""
        if self.ended:
            return self.ended
        try:
            self.ended = _how_it_ended(self._process.wait(wait))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.ended = "killed"
        if hasattr(os, "killpg"):  # processes that student code started are in its session
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # macOS raises the second for a zombie
                pass
        self._process.wait()
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:  # it ended before it read its request
            pass
        if self._frames is None:
            self._out.close()
        else:  # the thread that passes on the frames closes the other end
            self._frames.close()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return self.ended

    @property
    def _out(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _died(self) -> AutograderError:
        code = self._process.wait()
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {code}"
        return AutograderError(f"the process that runs submissions ended: {reason}")


def _how_it_ended(code: int) -> str:
    """Return "exit N" or "signal N"; Windows reports a crash as an exit with a large status."""
    if code in WINDOWS_CRASHES:
        return f"signal {WINDOWS_CRASHES[code]}"
    return f"exit {code}" if code >= 0 else f"signal {-code}"


def _pass_on(pipe: IO[bytes], line: socket.socket) -> None:
    """Pass on what a worker writes, until it ends or the engine stops reading."""
    with pipe, line:
        try:
            while data := os.read(pipe.fileno(), 1 << 20):
                line.sendall(data)
        except OSError:  # the engine has read enough, and closed its end
            pass


def _environment(folder: str) -> dict[str, str]:
    """Return a worker's environment: the scrubbed one, its own folder, and what some systems need."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    if sys.platform == "win32":  # finds DLLs with the path
        kept |= {"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    return {**SCRUBBED, **where_we_are(), **kept, **dict.fromkeys(HOMES, folder)}

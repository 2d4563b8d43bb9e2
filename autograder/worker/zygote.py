"""Wait with torch imported, and fork a confined worker for each request.

Started by ``running.forked``, which talks with it over an inherited socket. Importing torch takes
seconds and a fork takes milliseconds: a crash costs one fork, and a class costs one import. The
zygote never runs student code. It has one thread; with more, forking would not be safe.

A request is one line of JSON. ``start`` comes with two descriptors: the submission, as JSON in a
file, and the socket that the worker writes its frames to. ``end`` ends a worker and says how it
ended. ``waited`` says how long it waited for a processor.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import Any

from autograder.worker import prepare, run
from autograder.worker.sandbox import rights, room, system


def main(descriptor: int) -> None:
    """Serve requests until the engine closes its end."""
    os.umask(0o022)  # a stricter one would shut the room's folders to the workers' users
    control = socket.socket(fileno=descriptor)
    requests = control.makefile("rb")
    spec = json.loads(requests.readline())
    sys.path[:] = spec["sys_path"]
    os.environ.pop("PYTHONPATH", None)  # by which this module was found
    sources = prepare.read_sources(spec["probes"])
    layers = []
    if spec["isolation"] != "none":
        layers = room.enter_room(spec["readable"], spec["hidden"])
    if not layers:
        system.adopt_orphans()
    versions = prepare.preload(spec["preload"])
    prepare.warm_up()
    crew = _Crew(spec, layers, prepare.import_probes(sources))
    _reply(control, {"layers": layers, "versions": versions})
    while True:
        message, handles, _, _ = socket.recv_fds(control, 65536, 2)
        if not message:
            break
        request = json.loads(message)
        if request["op"] == "start":
            _reply(control, {"pid": crew.start(handles)})
        elif request["op"] == "waited":
            _reply(control, {"seconds": _waited(request["pid"])})
        elif request["op"] == "end":
            _reply(control, {"status": crew.end(request["pid"], request["wait"])})
            crew.make_spare()  # while the engine judges what came back
    crew.close()


class _Crew:
    """The workers: those that run, and a spare one, confined as far as can be without a submission.

    The spare is forked while nobody waits for it, confined (in a room, to the last layer), and
    holds nothing but a socket over which it gets its submission. Like every worker it is forked
    from the zygote.
    """

    def __init__(
        self,
        spec: dict[str, Any],
        layers: list[str],
        probes: dict[str, types.ModuleType],
    ) -> None:
        self.spec = spec
        self.layers = layers
        self.probes = probes
        self.number = 0
        self.spare: tuple[int, socket.socket] | None = None
        self.folders: dict[int, str] = {}  # outside of a room, where each worker's files lie

    def start(self, handles: list[int]) -> int:
        """Hand a submission to the spare worker, or to a new one; return its pid."""
        folder = "/tmp/submission"
        if not self.layers:
            folder = tempfile.mkdtemp(prefix="autograder-")
        for attempt in (1, 2):
            self.make_spare()
            assert self.spare is not None
            pid, line = self.spare
            self.spare = None
            with line:
                try:
                    socket.send_fds(line, [folder.encode()], handles)
                    break
                except OSError:  # it was killed while it waited
                    self._reap(pid, 0)
                    if attempt == 2:
                        raise
        for handle in handles:
            os.close(handle)
        if not self.layers:
            self.folders[pid] = folder
        return pid

    def make_spare(self) -> None:
        """Fork a worker that waits for a submission, unless there is one."""
        if self.spare is not None:
            return
        self.number += 1
        ours, theirs = socket.socketpair()
        pid = room.fork_worker(bool(self.layers), self.spec["readable"])
        if pid == 0:
            self._be_worker(theirs)
        theirs.close()
        self.spare = (pid, ours)

    def end(self, pid: int, wait: float) -> str:
        """End a worker and all that it started; return how it ended."""
        status = self._reap(pid, wait)
        if not self.layers:
            folder = self.folders.pop(pid)
            waiting = [self.spare[0]] if self.spare else []
            system.end_orphans([*self.folders, *waiting])
            shutil.rmtree(folder, ignore_errors=True)
        return status

    def close(self) -> None:
        """End all workers."""
        if self.spare is not None:
            self._reap(self.spare[0], 0)
            self.spare = None
        for pid in list(self.folders):
            self.end(pid, 0)

    def _reap(self, pid: int, wait: float) -> str:
        return _reap(pid, wait, group=not self.layers)

    def _be_worker(self, line: socket.socket) -> None:
        """Wait for a submission, unpack it, give up all rights, run, and end without ceremony."""
        channel = -1
        try:
            run.silence()
            _close_all_but([line.fileno()])
            in_force, trouble = [], None
            try:
                in_force = self._confine("/tmp") if self.layers else []
            except Exception as problem:  # to be told where somebody listens
                trouble = problem
            name, handles, _, _ = socket.recv_fds(line, 4096, 2)
            line.close()
            if len(handles) != 2:  # the zygote ended, or has no use for this worker
                os._exit(0)
            submission, channel = handles
            if trouble is not None:
                raise trouble
            with os.fdopen(submission, "rb") as file:
                request = json.load(file)
            root = Path(name.decode())
            run.unpack(request, root)
            root.mkdir(exist_ok=True)
            os.chdir(root)
            in_force = in_force or self._confine(str(root))
            run.send(channel, {"event": "confined", "layers": in_force})
            run.run(request, root, channel, self.probes[request["part"]])
        except Exception as problem:
            run.tell_failure(channel, problem)
        finally:
            os._exit(0)

    def _confine(self, writable: str) -> list[str]:
        """Drop this worker's rights; return all layers that are in force."""
        if self.spec["isolation"] == "none":
            return []
        dropped = rights.drop_rights(
            writable,
            self.spec["readable"],
            self.spec["hidden"],
            bool(self.layers),
            self.number,
            self.spec["memory"],
            self.spec["cpu_seconds"],
        )
        return [*self.layers, *dropped]


def _close_all_but(handles: list[int]) -> None:
    start = 3
    for handle in sorted(handles):
        os.closerange(start, handle)
        start = handle + 1
    os.closerange(start, 4096)


def _reap(pid: int, wait: float, group: bool) -> str:
    """Wait a moment for a worker, then kill it; return "exit N" or "signal N"."""
    found, status = _wait_for(pid, wait)
    if group:  # outside a room, whatever the worker started is still alive
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if not found:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        _, status = os.waitpid(pid, 0)
        return "killed"
    code = os.waitstatus_to_exitcode(status)
    return f"exit {code}" if code >= 0 else f"signal {-code}"


def _waited(pid: int) -> float:
    """Return how long a process was ready to run without a processor; 0 where nobody counts."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _wait_for(pid: int, seconds: float) -> tuple[int, int]:
    """Wait until a child has ended, at most so long; return what os.waitpid does."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(pid)
        try:
            select.select([handle], [], [], seconds)
        finally:
            os.close(handle)
        return os.waitpid(pid, os.WNOHANG)
    deadline = time.monotonic() + seconds  # elsewhere than on Linux: look now and then
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found or time.monotonic() >= deadline:
            return found, status
        time.sleep(0.002)


def _reply(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

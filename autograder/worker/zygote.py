"""Wait with torch imported, and fork a confined worker for each request.

Started by ``running.forked``, which talks to it over an inherited socket. Importing torch takes seconds
and a fork milliseconds: a crash costs one fork, and a class costs one import. The zygote never runs
student code. It has one thread; with more, forking would not be safe.

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
from pathlib import Path
from typing import Any

from autograder.worker import prepare, run
from autograder.worker.sandbox import rights, room, seccomp, system
from autograder.worker.shared_memory import SharedMemory
from autograder.worker.watch import Bounds, Watch, user_of


def main(descriptor: int) -> None:
    """Serve requests until the engine closes its end."""
    os.umask(0o022)  # with a stricter one, the workers' users could not open the room's folders
    control = socket.socket(fileno=descriptor)
    requests = control.makefile("rb")
    spec = json.loads(requests.readline())
    sys.path[:] = spec["sys_path"]
    os.environ.pop("PYTHONPATH", None)  # with which Python found this module
    sources = prepare.read_sources(spec["probes"])
    layers = []
    if spec["isolation"] != "none":
        layers = room.enter_room(spec["readable"], spec["hidden"])
    if not layers:
        system.adopt_orphans()
    if spec["isolation"] != "none":
        seccomp.compiled()  # once, for all workers
    versions = prepare.preload(spec["preload"])
    prepare.warm_up()
    crew = _Crew(spec, layers, prepare.import_probes(sources))
    _reply(control, {"layers": layers, "versions": versions})
    while True:
        crew.watch.look()
        if not select.select([control], [], [], crew.watch.seconds())[0]:
            continue
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
    """The workers that run, and a spare one that waits for a submission.

    The spare is forked from the zygote in advance, like every worker, and holds nothing but a socket
    over which it gets its submission. In a room it already has all layers.
    """

    def __init__(
        self,
        spec: dict[str, Any],
        layers: list[str],
        probes: prepare.Probes,
    ) -> None:
        self.spec = spec
        self.layers = layers
        self.probes = probes
        self.number = 0
        self.spare: tuple[int, socket.socket] | None = None
        self.folders: dict[int, str] = {}  # outside a room: each worker's folder
        self.shared = None if layers else SharedMemory()
        bounds = Bounds(spec["memory"], spec["cpu_seconds"], rights.TASKS)
        self.watch = Watch(bounds, self.shared)

    def start(self, handles: list[int]) -> int:
        """Hand a submission to the spare worker, or to a new one; return its pid."""
        folder = "/tmp/submission"
        if not self.layers:
            folder = tempfile.mkdtemp(prefix="autograder-")
        places: list[int] = []
        for attempt in (1, 2):
            self.make_spare()
            assert self.spare is not None
            pid, line = self.spare
            self.spare = None
            with line:
                try:
                    places = self._places(line)
                    socket.send_fds(line, [folder.encode()], handles)
                    break
                except OSError:  # it was killed while it waited
                    self._reap(pid, 0)
                    for place in places:
                        os.close(place)
                    if attempt == 2:
                        raise
        for handle in handles:
            os.close(handle)
        if not self.layers:
            self.folders[pid] = folder
        if self.spec["isolation"] != "none":
            self.watch.begin(pid, places)
        return pid

    def _places(self, line: socket.socket) -> list[int]:
        """Return descriptors of a worker's own folders in memory; it sends them once it is confined."""
        if not self.layers:
            return []
        _, handles, _, _ = socket.recv_fds(line, 1, 2)
        return list(handles)

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
        user = user_of(pid)
        status = self._reap(pid, wait)
        if not self.layers:
            folder = self.folders.pop(pid)
            waiting = [self.spare[0]] if self.spare else []
            system.end_orphans([*self.folders, *waiting])
            shutil.rmtree(folder, ignore_errors=True)
        if self.shared is not None and self.spec["isolation"] != "none":
            self.shared.remove(user, alone=not self.folders)
        reason = self.watch.end(pid) if self.spec["isolation"] != "none" else ""
        return reason or status

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
        """Wait for a submission, unpack it, give up all rights, run it, and end at once."""
        channel = -1
        try:
            run.silence()
            _close_all_but([line.fileno()])
            in_force, trouble = [], None
            try:
                if self.layers:
                    in_force = self._confine("/tmp")
                    _show_places(line)
            except Exception as problem:  # raised again below, once there is a channel
                trouble = problem
                line.send(b".")  # no places
            name, handles, _, _ = socket.recv_fds(line, 4096, 2)
            line.close()
            if len(handles) != 2:  # the zygote ended, or does not need this worker
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
            probes = self.probes.of(request["part"], request["key"])
            run.run(request, root, channel, probes)
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


def _show_places(line: socket.socket) -> None:
    """Send the zygote this worker's folders in memory, to measure how full they are."""
    places = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in ("/tmp", "/dev/shm")]
    socket.send_fds(line, [b"."], places)
    for place in places:
        os.close(place)


def _close_all_but(handles: list[int]) -> None:
    start = 3
    for handle in sorted(handles):
        os.closerange(start, handle)
        start = handle + 1
    os.closerange(start, 4096)


def _reap(pid: int, wait: float, group: bool) -> str:
    """Wait a moment for a worker, then kill it; return "exit N" or "signal N"."""
    ended, status = _wait_for(pid, wait)
    if group:  # outside a room, processes that the worker started are still alive
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if not ended:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        _, status = os.waitpid(pid, 0)
        return "killed"
    code = os.waitstatus_to_exitcode(status)
    return f"exit {code}" if code >= 0 else f"signal {-code}"


def _waited(pid: int) -> float:
    """Return how long a process waited for a processor; 0 if the kernel does not count it."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _wait_for(pid: int, seconds: float) -> tuple[int, int]:
    """Wait for a child to end, for some seconds at most; return what os.waitpid does."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(pid)
        try:
            select.select([handle], [], [], seconds)
        finally:
            os.close(handle)
        return os.waitpid(pid, os.WNOHANG)
    deadline = time.monotonic() + seconds  # without pidfd_open: look again and again
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended or time.monotonic() >= deadline:
            return ended, status
        time.sleep(0.002)


def _reply(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

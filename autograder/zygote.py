"""Wait with torch imported, and fork a confined worker for each request.

Started as a script by ``runner``; talks with it over an inherited socket. Importing torch takes
seconds and a fork takes milliseconds, so a crash costs one fork, and a class costs one import. The
zygote never runs student code, and has one thread, without which forking would not be safe.

A request is one line of JSON. ``fork`` comes with two descriptors: the submission, as JSON in a file,
and the pipe that the worker writes its frames to. ``reap`` ends a worker and says how it ended.
"""

from __future__ import annotations

import importlib
import importlib.util
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
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def main(descriptor: int) -> None:
    """Serve requests until the engine closes its end."""
    control = socket.socket(fileno=descriptor)
    requests = control.makefile("rb")
    sandbox, worker = _sibling("sandbox"), _sibling("worker")
    loading, serve_cuda = _sibling("loading"), _sibling("serve_cuda")
    postpone = _sibling("postpone")
    spec = json.loads(requests.readline())
    sys.path[:] = spec["sys_path"]
    sources = {name: Path(path).read_text() for name, path in spec["probes"].items()}
    layers = []
    if spec["isolation"] != "none":
        layers = sandbox.enter_room(spec["readable"], spec["hidden"])
    if not layers:
        sandbox.adopt_orphans()
    versions = _preload(spec["preload"], postpone.postpone_compiler)
    _warm_up(worker.seed_everything)
    probes = {name: _module(name, source) for name, source in sources.items()}
    _reply(control, {"layers": layers, "versions": versions})

    folders: dict[int, str] = {}
    number = 0
    while True:
        message, handles, _, _ = socket.recv_fds(control, 65536, 2)
        if not message:
            break
        request = json.loads(message)
        if request["op"] == "fork":
            number += 1
            folder = "/tmp/submission" if layers else tempfile.mkdtemp(prefix="autograder-")
            pid = sandbox.fork_worker(bool(layers), spec["readable"])
            if pid == 0:
                _worker(
                    spec,
                    handles,
                    folder,
                    number,
                    layers,
                    probes,
                    sandbox,
                    worker,
                    loading,
                    serve_cuda,
                )
            for handle in handles:
                os.close(handle)
            if not layers:
                folders[pid] = folder
            _reply(control, {"pid": pid})
        elif request["op"] == "waited":
            _reply(control, {"seconds": _waited(request["pid"])})
        elif request["op"] == "reap":
            status = _reap(request["pid"], request["wait"], group=not layers)
            if not layers:
                folder = folders.pop(request["pid"])
                sandbox.end_orphans(folders)
                shutil.rmtree(folder, ignore_errors=True)
            _reply(control, {"status": status})
    for pid, folder in folders.items():
        _reap(pid, 0, group=True)
        shutil.rmtree(folder, ignore_errors=True)
    if not layers:
        sandbox.end_orphans(())


def _worker(
    spec: dict[str, Any],
    handles: list[int],
    folder: str,
    number: int,
    layers: list[str],
    probes: dict[str, types.ModuleType],
    sandbox: Any,
    worker: Any,
    loading: Any,
    serve_cuda: Any,
) -> None:
    """Be the worker: unpack the submission, give up all rights, run, and end without ceremony."""
    submission, channel = handles
    try:
        worker.silence()
        _close_all_but(handles)
        with os.fdopen(submission, "rb") as file:
            request = json.load(file)
        root = Path(folder)
        for name, content in request["files"].items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b64decode(content))
        root.mkdir(exist_ok=True)
        os.chdir(root)
        in_force = list(layers)
        if spec["isolation"] != "none":
            writable = "/tmp" if layers else folder
            in_force += sandbox.drop_rights(
                writable,
                spec["readable"],
                bool(layers),
                number,
                spec["memory"],
                spec["cpu_seconds"],
            )
        worker._send(channel, {"event": "confined", "layers": in_force})
        worker.run(
            request, root, channel, probes[request["part"]], loading.load, serve_cuda.install
        )
    except Exception as problem:  # ours: what student code raises is caught further in
        words = (
            f"the autograder itself failed ({type(problem).__name__}: {problem}); tell the staff"
        )
        worker._send(channel, {"event": "unloadable", "message": words[:1000]})
    finally:
        os._exit(0)


def _close_all_but(handles: list[int]) -> None:
    low, high = sorted(handles)
    os.closerange(3, low)
    os.closerange(low + 1, high)
    os.closerange(high + 1, 4096)


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


def _preload(names: list[str], after_torch: Callable[[], None]) -> dict[str, str]:
    """Import what workers will need; what is not installed is their import's error, not ours."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            continue
        package = name.partition(".")[0]
        versions[package] = str(getattr(sys.modules[package], "__version__", ""))
        if name == "torch":
            after_torch()
    return versions


def _warm_up(seed_everything: Callable[[], None]) -> None:
    """Take the tiniest step of training: what torch imports only at first use is imported once."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    torch.set_num_threads(1)  # threads would not survive the fork
    seed_everything()
    weight = torch.nn.Linear(1, 1)
    weight(torch.ones(1, 1)).sum().backward()
    torch.optim.Adam(weight.parameters()).step()


def _sibling(name: str) -> types.ModuleType:
    return _module(name, (HERE / f"{name}.py").read_text())


def _module(name: str, source: str) -> types.ModuleType:
    """Make a module from its source: the package itself must not be importable in here."""
    module = types.ModuleType(name)
    sys.modules[f"_autograder_{name}"] = module
    module.__name__ = f"_autograder_{name}"
    exec(compile(source, f"<{name}>", "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    return module


def _reply(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""One worker of `spawning`: import torch, say so, take one request, run it, end.

Started as a script. Holds what a forked worker holds, the probes and a submission, and no answer.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import threading
import types
from pathlib import Path
from typing import BinaryIO

HERE = Path(__file__).parent


def main() -> None:
    """Greet, run the request that comes, and end without ceremony."""
    requests, channel = _take_streams()
    spec = json.loads(requests.readline())
    sys.path[:] = spec["sys_path"]
    zygote = _zygote()
    names = ("worker", "loading", "serve_cuda", "postpone")
    worker, loading, serve_cuda, postpone = map(zygote.sibling, names)
    sources = {
        name: Path(path).read_text(encoding="utf-8") for name, path in spec["probes"].items()
    }
    asking = (HERE / "asking.py").read_text(encoding="utf-8")
    versions = zygote.preload(spec["preload"], postpone.postpone_compiler)
    zygote.warm_up(worker.seed_everything)
    probes = zygote.make_probes(asking, sources)
    layers = []
    if sys.platform != "win32" and spec["isolation"] != "none":
        zygote.sibling("sandbox").limit_resources(spec["memory"], spec["cpu_seconds"])
        layers = ["resource limits"]
    try:
        os.write(channel, json.dumps({"layers": [], "versions": versions}).encode() + b"\n")
        line = requests.readline()
    except OSError:  # nobody reads: the engine was killed
        line = b""
    if not line:  # nobody wants this worker
        shutil.rmtree(spec["folder"], ignore_errors=True)
        return
    request = json.loads(line)
    root = Path(spec["folder"])
    threading.Thread(target=_end_with_engine, args=(requests, root), daemon=True).start()
    worker.silence()
    try:
        worker.unpack(request, root)
        worker.send(channel, {"event": "confined", "layers": layers})
        part = probes[request["part"]]
        worker.run(request, root, channel, part, loading.load, serve_cuda.install)
    except Exception as problem:
        worker.tell_failure(channel, problem)
    finally:
        os._exit(0)


def _take_streams() -> tuple[BinaryIO, int]:
    """Take the standard streams for requests and frames; student code gets nothing in their place."""
    requests, channel = os.fdopen(os.dup(0), "rb"), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(channel, os.O_BINARY)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, channel


def _end_with_engine(requests: BinaryIO, folder: Path) -> None:
    """Wait until the engine closes its end, or is killed; then this worker is nobody's."""
    requests.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _zygote() -> types.ModuleType:
    """Return the zygote's module, whose ways of preparing a worker are the same."""
    spec = importlib.util.spec_from_file_location("_autograder_zygote", HERE / "zygote.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()

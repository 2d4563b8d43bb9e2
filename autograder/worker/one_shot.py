"""One worker of ``running.fresh``: import torch, greet, take one request, run it, end.

Like a forked worker, it holds the probes and a submission, and no answer.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from autograder.worker import prepare, run
from autograder.worker.sandbox import rights


def main() -> None:
    """Greet, run one request, and end at once."""
    requests, channel = _take_streams()
    spec = json.loads(requests.readline())
    sys.path[:] = spec["sys_path"]
    os.environ.pop("PYTHONPATH", None)  # with which Python found this module
    sources = prepare.read_sources(spec["probes"])
    versions = prepare.preload(spec["preload"])
    prepare.warm_up()
    probes = prepare.import_probes(sources)
    layers = []
    if sys.platform != "win32" and spec["isolation"] != "none":
        rights.limit_resources(spec["memory"], spec["cpu_seconds"])
        layers = ["resource limits"]
    try:
        os.write(channel, json.dumps({"layers": [], "versions": versions}).encode() + b"\n")
        line = requests.readline()
    except OSError:  # the engine was killed
        line = b""
    if not line:  # the engine does not need this worker
        shutil.rmtree(spec["folder"], ignore_errors=True)
        return
    request = json.loads(line)
    root = Path(spec["folder"])
    threading.Thread(target=_end_with_engine, args=(requests, root), daemon=True).start()
    run.silence()
    try:
        run.unpack(request, root)
        run.send(channel, {"event": "confined", "layers": layers})
        run.run(request, root, channel, probes.of(request["part"], request["key"]))
    except Exception as problem:
        run.tell_failure(channel, problem)
    finally:
        os._exit(0)


def _take_streams() -> tuple[BinaryIO, int]:
    """Take the standard streams for requests and frames; student code gets empty ones."""
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
    """End this worker when the engine closes its end, or is killed."""
    requests.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()

"""Drive workers: ask a submission's code all probes of a part, whatever it does meanwhile.

A probe that raises costs itself. A probe that crashes its worker, hangs, or breaks the wire costs
itself and a fork: the rest goes to a fresh worker. The engine believes the arrays, once their form is
checked, and nothing else that a worker says.
"""

from __future__ import annotations

import functools
import json
import os
import re
import selectors
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder import sandbox
from autograder.errors import AutograderError, SandboxError, WireError
from autograder.outputs import MAX_BYTES, MAX_MESSAGE, Array, Outputs, ProbeStatus, parse_arrays
from autograder.parts import PACKAGE, ROOT, Part
from autograder.submissions import Submission

MAX_HEADER = 64 << 10  # bytes
MAX_NOTES = 20  # of one submission; an honest worker has about two
START_LIMIT = 120.0  # seconds for importing torch, on a slow disk
SCRUBBED = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",  # the worker's user id has no name of its own
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONBREAKPOINT": "0",  # a forgotten breakpoint() has nobody to talk to
    # A compiled network computes the same; compiling takes a compiler, and a minute.
    "TORCH_COMPILE_DISABLE": "1",
    "TORCHDYNAMO_DISABLE": "1",
    "TORCHINDUCTOR_COMPILE_THREADS": "1",  # else PyTorch 2.4 starts processes for it
    "PYTHONDONTWRITEBYTECODE": "1",
    "KERAS_BACKEND": "torch",
    # Workers touch every page for the first time: large pages and one growing heap save a tenth.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432"
    ":glibc.malloc.trim_threshold=1000000000:glibc.malloc.top_pad=67108864",
}
PRELOADABLE = ("torch", "numpy", "torchvision", "matplotlib.pyplot", "PIL.Image", "scipy", "tqdm")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. A right solution needs about a tenth of a second per probe."""

    load_seconds: float = 20.0
    probe_seconds: float = 10.0
    total_seconds: float = 120.0
    memory: int = 4 << 30  # bytes on top of what torch itself maps

    @classmethod
    def usual(cls, part: Part) -> Limits:
        """Return what a part's submissions may use where nobody says otherwise."""
        return TRAINING if part.trains else cls()

    @staticmethod
    def longest(of: Iterable[Limits]) -> Limits:
        """Return those with the most seconds: a zygote for several parts gets them."""
        return max(of, key=lambda one: one.total_seconds)

    @classmethod
    def within(cls, total_seconds: float) -> Limits:
        """Return limits for a total; a file that never ends loading leaves half of it for grading."""
        usual = cls()
        return cls(
            min(usual.load_seconds, total_seconds / 2),
            min(usual.probe_seconds, total_seconds / 2),
            total_seconds,
        )


TRAINING = Limits(probe_seconds=180.0, total_seconds=400.0)  # a right one needs 20 s a pair


class Zygote:
    """A process with torch imported that forks confined workers; close it when done.

    Starting returns at once; the first use waits until it is ready. May be shared by threads.
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
        ours, theirs = socket.socketpair()
        paths = import_paths()
        spec = {
            "isolation": isolation,
            "sys_path": paths,
            "readable": [*paths, *_library_paths()],
            "hidden": [str(PACKAGE), *(str(ROOT / d) for d in ("solutions", "checks", "tests"))],
            "preload": list(preload),
            "probes": {part.name: str(part.probes) for part in parts},
            "memory": self.limits.memory,
            "cpu_seconds": int(self.limits.total_seconds) + 5,
        }
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-B", str(PACKAGE / "zygote.py"), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            env=SCRUBBED,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is the engine's to handle
        )
        theirs.close()
        self._control = ours
        self._replies = ours.makefile("rb")
        ours.sendall(json.dumps(spec).encode() + b"\n")

    def __enter__(self) -> Zygote:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """The namespaces in force for every worker."""
        return tuple(self._ready()["layers"])

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python and of the preloaded packages."""
        return dict(self._ready()["versions"])

    def fork(self, request: dict[str, Any]) -> tuple[int, int | socket.socket]:
        """Start a worker on a request; return its pid there, and the pipe or socket of its frames."""
        self._ready()
        frames, channel = os.pipe()
        try:
            with tempfile.TemporaryFile() as file:
                file.write(json.dumps(request).encode())
                file.seek(0)
                answer = self._ask({"op": "fork"}, [file.fileno(), channel])
        except BaseException:
            os.close(frames)
            raise
        finally:
            os.close(channel)
        return int(answer["pid"]), frames

    def reap(self, pid: int, wait: float = 0.0) -> str:
        """End a worker and all that it started; return "exit N", "signal N" or "killed"."""
        return str(self._ask({"op": "reap", "pid": pid, "wait": wait})["status"])

    def waited(self, pid: int) -> float:
        """Return the seconds that a worker was ready to run and had no processor to run on."""
        return float(self._ask({"op": "waited", "pid": pid})["seconds"])

    def close(self) -> None:
        """End the zygote and every worker of it."""
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
                    require_layers(self._greeting["layers"], sandbox.NAMESPACES)
            return self._greeting

    def _ask(self, request: dict[str, Any], handles: Sequence[int] = ()) -> dict[str, Any]:
        with self._lock:
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], list(handles))
            except OSError as problem:
                raise self._died() from problem
            return self._read_reply()

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


def import_paths() -> list[str]:
    """Return where this Python finds packages, without this one's checkout and the current folder.

    ``python -m autograder`` puts the current folder on the path, and a class may lie in it.
    """
    ours = {str(PACKAGE.parent), str(Path.cwd())}
    paths = [str(Path(p).resolve()) for p in sys.path if p and Path(p).is_dir()]
    installed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    return [p for p in dict.fromkeys(paths) if p not in ours or p in installed]


def _library_paths() -> list[str]:
    """Return where shared libraries lie: the system's, and this Python's own."""
    places = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"]
    places += [str(Path(prefix).resolve() / "lib") for prefix in (sys.prefix, sys.base_prefix)]
    return [place for place in places if Path(place).is_dir()]


def wanted_imports(submission: Submission, part: Part) -> list[str]:
    """Return which heavy packages a submission imports first of all, for the zygote to preload.

    A line of a notebook begins with a quotation mark. An import inside a function is left to it.
    """
    found = set(part.imports)
    for text in submission.files.values():
        for name in PRELOADABLE:
            package = name.partition(".")[0]
            if re.search(rf'^(?: *")?(?:import|from) {package}\b'.encode(), text, re.MULTILINE):
                found.add(name)
    return [name for name in dict.fromkeys((*PRELOADABLE, *part.imports)) if name in found]


class _Clock:
    """Seconds that a worker could use: waiting for a busy processor is not held against it.

    Beside a submission that floods the machine with threads, a right one takes ten times as long. The
    kernel counts how long a process was ready to run and did not; so much is forgiven, up to an
    allowance, for a flood delays its own process too.
    """

    LEAST = 0.01  # seconds worth asking for again

    def __init__(self, zygote: Zygote, allowance: float) -> None:
        self._zygote = zygote
        self._left = allowance
        self._forgiven = self._seen = 0.0
        self._pid = 0

    def watch(self, pid: int) -> None:
        """Follow another worker."""
        self._pid, self._seen = pid, 0.0

    def now(self) -> float:
        return time.monotonic() - self._forgiven

    def forgive(self) -> bool:
        """Set the clock back by what the worker waited since; tell whether that was anything."""
        waited = self._zygote.waited(self._pid)
        fresh = min(waited - self._seen, self._left)
        self._seen = waited
        if fresh < self.LEAST:
            return False
        self._forgiven += fresh
        self._left -= fresh
        return True


@dataclass(slots=True)
class _Progress:
    """What is known so far about one submission."""

    remaining: list[str]
    definitions_only: bool = False
    arrays: dict[str, Array] = field(default_factory=dict)
    statuses: dict[str, ProbeStatus] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    layers: tuple[str, ...] = ()

    def settle(self, probe: str, status: str, message: str = "") -> None:
        self.statuses[probe] = ProbeStatus(status, message)
        self.remaining.remove(probe)

    def settle_all(self, status: str, message: str) -> None:
        for probe in list(self.remaining):
            self.settle(probe, status, message)

    def note(self, text: str) -> None:
        if len(self.notes) < MAX_NOTES and text not in self.notes:
            self.notes.append(text)


def run(
    zygote: Zygote,
    submission: Submission,
    part: Part,
    probes: Sequence[str] | None = None,
    limits: Limits | None = None,
) -> Outputs:
    """Ask a submission's code the probes of a part; never raises for what that code does.

    Arguments:
        probes: which ones; all of the part's by default.
        limits: seconds for this part, where they are fewer than the zygote's; memory is the zygote's.
    """
    versions = zygote.versions  # waits until the zygote is ready
    started = time.monotonic()
    progress = _Progress(list(probes if probes is not None else part.probe_names()))
    for text in submission.notes:
        progress.note(text)
    known = frozenset(progress.remaining)
    limits = limits or zygote.limits
    clock = _Clock(zygote, limits.total_seconds)
    end = clock.now() + limits.total_seconds
    while progress.remaining:
        if clock.now() >= end:
            total = limits.total_seconds
            progress.settle_all("unasked", f"not run: the other functions used up {total:g} s")
            break
        _run_worker(zygote, submission, part, progress, limits, clock, end)
    if zygote.isolation == "strict":
        require_layers(progress.layers)
    return Outputs(
        part=part.name,
        arrays=progress.arrays,
        statuses={name: progress.statuses[name] for name in sorted(known)},
        notes=tuple(progress.notes),
        layers=progress.layers,
        versions=versions,
        seconds=time.monotonic() - started,
    )


def layers_in_force(zygote: Zygote, part: Part) -> tuple[str, ...]:
    """Run an empty file: a worker tells its walls before it runs anything."""
    name = f"{part.name}.py"
    nothing = Submission("nothing", name, {name: b"# nothing to grade\n"})
    return run(zygote, nothing, part, part.probe_names()[:1]).layers


def require_layers(layers: Sequence[str], wanted: Iterable[str] = sandbox.STRICT) -> None:
    """Raise SandboxError unless every wanted layer is in force."""
    missing = [name for name in wanted if name not in layers]
    if missing:
        raise SandboxError(
            f"strict isolation is not to be had here, for want of: {', '.join(missing)}; "
            "`autograder doctor` tells more, `--isolation auto` grades with what there is"
        )


def _run_worker(
    zygote: Zygote,
    submission: Submission,
    part: Part,
    progress: _Progress,
    limits: Limits,
    clock: _Clock,
    end: float,
) -> None:
    """Run one worker as far as it gets, and settle at least one probe."""
    request = {
        "part": part.name,
        "main": submission.main,
        "files": {name: b64encode(data).decode() for name, data in submission.files.items()},
        "probes": progress.remaining,
        "definitions_only": progress.definitions_only,
    }
    expected = 4 + 2 * len(progress.remaining)  # confined, loading, loaded, each start, done, end
    pid, frames = zygote.fork(request)
    clock.watch(pid)
    reaped = False
    current: str | None = None
    confined = loaded = False
    try:
        for number, (header, body) in enumerate(_frames(frames, limits, clock, end), 1):
            if number > expected:
                raise WireError("the worker's reply has more frames than there are answers")
            event = header.get("event")
            if event == "confined" and not confined:  # the first frame, before any student code
                confined = True
                progress.layers = _known_layers(header.get("layers"))
                if zygote.isolation == "strict":
                    require_layers(progress.layers)
            elif event == "loaded" and not loaded:
                loaded = True
                for text in _texts(header.get("notes")):
                    progress.note(text)
            elif event == "unloadable":
                progress.settle_all("unloadable", _text(header.get("message")))
                return
            elif event == "start" and header.get("probe") in progress.remaining:
                current = str(header["probe"])
            elif event == "done" and current is not None and header.get("probe") == current:
                _settle(progress, current, header, body)
                current = None
            elif event == "end" or event not in ("confined", "loading", "loaded", "start", "done"):
                break
        ended = zygote.reap(pid, wait=0.2)
        reaped = True
        _settle_stop(progress, current, loaded, "crash", _how_it_ended(ended))
    except TimeoutError:
        limit = limits.probe_seconds if loaded else limits.load_seconds
        _settle_timeout(progress, current, loaded, limit)
    except WireError as problem:
        _settle_stop(progress, current, loaded, "malformed", str(problem))
    finally:
        if isinstance(frames, int):
            os.close(frames)
        else:
            frames.close()
        if not reaped:
            zygote.reap(pid)


def _settle(progress: _Progress, probe: str, header: dict[str, Any], body: bytes) -> None:
    status = header.get("status")
    if header.get("served") is True:
        progress.note("asks for CUDA or another GPU; served on the CPU, which computes the same")
    if status == "ok":
        for name, array in parse_arrays(header.get("arrays"), body).items():
            progress.arrays[f"{probe}/{name}"] = array
        progress.settle(probe, "ok")
    elif status in ("missing", "todo", "slip", "error"):
        progress.settle(probe, status, _text(header.get("message")))
    else:
        raise WireError("the worker's reply has no known status")


def _settle_stop(
    progress: _Progress, current: str | None, loaded: bool, status: str, message: str
) -> None:
    """Account for a worker that stopped before it was through."""
    if not progress.remaining:
        return
    if not loaded:
        progress.settle_all("unloadable", f"running your file: {message}")
    else:
        progress.settle(current or progress.remaining[0], status, message)


def _settle_timeout(progress: _Progress, current: str | None, loaded: bool, limit: float) -> None:
    if not loaded and not progress.definitions_only:
        progress.definitions_only = True
        progress.note(
            f"running the whole file took longer than {limit:g} s (a training loop at the bottom?); "
            "what it defines was graded"
        )
        return
    message = f"no result after {limit:g} s: an endless loop?"
    _settle_stop(progress, current, loaded, "timeout", message)


def _how_it_ended(ended: str) -> str:
    kind, _, number = ended.partition(" ")
    if kind == "exit":
        return "your code ended the program (os._exit, or a kill of its own process)"
    names = {"9": "killed: too much memory or processor time?", "11": "a segmentation fault"}
    if kind == "signal":
        return f"the program crashed ({names.get(number, 'signal ' + number)})"
    return "the program stopped answering"


def _frames(
    frames: int | socket.socket, limits: Limits, clock: _Clock, end: float
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield a worker's frames until its pipe closes.

    Raises TimeoutError when a frame is late, and WireError when it is not a frame. The time for
    loading counts until "loaded" or "unloadable", the time for a probe between two frames.
    """
    receive = functools.partial(os.read, frames) if isinstance(frames, int) else frames.recv
    with selectors.DefaultSelector() as selector:
        selector.register(frames, selectors.EVENT_READ)
        deadline = min(end, clock.now() + limits.load_seconds)

        def read(size: int) -> bytes:
            data = bytearray()
            while len(data) < size:
                left = deadline - clock.now()
                if left <= 0 or not selector.select(left):
                    if clock.forgive():
                        continue
                    raise TimeoutError
                chunk = receive(min(size - len(data), 1 << 20))
                if not chunk:
                    if data:
                        raise WireError("the worker's reply breaks off")
                    return b""
                data += chunk
            return bytes(data)

        while prefix := read(12):
            header_size, body_size = struct.unpack("<IQ", prefix)
            if header_size > MAX_HEADER or body_size > MAX_BYTES:
                raise WireError("the worker's reply is too large")
            try:
                header = json.loads(read(header_size))
            except (ValueError, RecursionError):
                raise WireError("the worker's reply is not JSON") from None
            if not isinstance(header, dict):
                raise WireError("the worker's reply is not a JSON object")
            body = read(body_size)
            if len(body) != body_size:
                raise WireError("the worker's reply breaks off")
            yield header, body
            if header.get("event") not in ("confined", "loading"):
                deadline = min(end, clock.now() + limits.probe_seconds)


def _known_layers(value: object) -> tuple[str, ...]:
    claimed = value if isinstance(value, list) else []
    return tuple(layer for layer in sandbox.LAYERS if layer in claimed)


def _texts(value: object) -> list[str]:
    return [_text(v) for v in value[:8]] if isinstance(value, list) else []


def _text(value: object) -> str:
    """Make a worker's word fit to print: a short text without control characters."""
    text = value if isinstance(value, str) else ""
    text = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text[:MAX_MESSAGE]

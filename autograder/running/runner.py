"""Run all probes of a part on a submission, whatever its code does.

A probe that raises costs only itself. If a probe crashes its worker, hangs, or sends a wrong reply, the
other probes go to a fresh worker. The engine uses the arrays, once their form is checked, and trusts
nothing else that a worker says.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import WireError
from autograder.handins.submission import Submission
from autograder.outputs import MAX_ARRAYS_BYTES, Array, Outputs, ProbeStatus
from autograder.parts import GIVEN, Part
from autograder.running.claims import without_claims
from autograder.running.clock import Clock
from autograder.running.endings import ended_itself, how_it_ended
from autograder.running.limits import Limits
from autograder.running.protocol import Workers
from autograder.running.walls import known_layers, require_layers
from autograder.running.wire import frames_of, marked, network_of, notes, own_failure, parse_arrays

MAX_NOTES = 20  # of one submission; an honest worker has about two
# How a worker loads a file (`worker.loading`), each if loading in the way before ended the worker.
WAYS = ("usual", "definitions", "bare")
AS_JUPYTER = "jupyter"


@dataclass(slots=True)
class _Progress:
    """What is known so far about one submission."""

    remaining: list[str]
    ways: list[str] = field(default_factory=lambda: list(WAYS))  # of loading; the first now
    lacking: list[str] = field(default_factory=list)  # may owe an error to what was left out
    arrays: dict[str, Array] = field(default_factory=dict)
    statuses: dict[str, ProbeStatus] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    layers: tuple[str, ...] = ()

    def settle(self, probe: str, status: str, message: str = "", network: str = "") -> None:
        self.statuses[probe] = ProbeStatus(status, message, network)
        self.remaining.remove(probe)

    def settle_all(self, status: str, message: str) -> None:
        for probe in list(self.remaining):
            self.settle(probe, status, message)

    def note(self, text: str) -> None:
        if len(self.notes) < MAX_NOTES and text not in self.notes:
            self.notes.append(text)


def run(
    workers: Workers,
    submission: Submission,
    part: Part,
    probes: Sequence[str] | None = None,
    limits: Limits | None = None,
) -> Outputs:
    """Run a part's probes on a submission; never raises for what its code does.

    Arguments:
        probes: the names of the probes to run; by default all of the part's.
        limits: seconds for this part, if they are fewer than the workers'; memory is the workers'.

    Raises AutograderError if no worker can be started, SandboxError if a required layer is missing.
    """
    versions = workers.versions  # waits until they are ready
    started = time.monotonic()
    progress = _Progress(list(probes if probes is not None else part.probe_names()))
    for text in submission.notes:
        progress.note(text)
    known = sorted(progress.remaining)
    limits = limits or workers.limits
    clock = Clock(limits.total_seconds)
    end = clock.now() + limits.total_seconds
    _run_workers(workers, submission, part, progress, limits, clock, end)
    if progress.lacking and clock.now() < end:
        second = _Progress(list(dict.fromkeys(progress.lacking)), [AS_JUPYTER])
        _run_workers(workers, submission, part, second, limits, clock, end)
        _take_better(progress, second)
    if workers.isolation == "strict":
        require_layers(progress.layers)
    outputs = Outputs(
        part=part.name,
        key=part.key_id,
        arrays=progress.arrays,
        statuses={name: progress.statuses[name] for name in known},
        notes=tuple(progress.notes),
        layers=progress.layers,
        versions=versions,
        seconds=time.monotonic() - started,
    )
    return without_claims(outputs, submission, part)


def _run_workers(
    workers: Workers,
    submission: Submission,
    part: Part,
    progress: _Progress,
    limits: Limits,
    clock: Clock,
    end: float,
) -> None:
    """Run workers until all probes are settled."""
    while progress.remaining:
        if clock.now() >= end:
            total = limits.total_seconds
            progress.settle_all("unasked", f"not run: the other functions used up {total:g} s")
            break
        request = _request(submission, part, progress, limits)
        _run_worker(workers, request, progress, limits, clock, end)


def _take_better(progress: _Progress, second: _Progress) -> None:
    """Take from a second run the probes that work there and did not before.

    A wrong claim of a worker changes nothing: arrays count as far as they are right, in either run.
    """
    gained = sorted(name for name, status in second.statuses.items() if status.status == "ok")
    arrays = {k: v for k, v in second.arrays.items() if k.partition("/")[0] in gained}
    size = sum(one.nbytes for one in (*progress.arrays.values(), *arrays.values()))
    if not gained or size > MAX_ARRAYS_BYTES:
        return
    progress.arrays.update(arrays)
    progress.statuses.update({name: second.statuses[name] for name in gained})
    functions = list(dict.fromkeys(name.partition(GIVEN)[0] for name in gained))
    names = ", ".join(functions[:5]) + (" and others" if len(functions) > 5 else "")
    progress.note(
        "the file was also run from top to bottom, as Jupyter does, with a short time for each "
        f"statement; that run counts for these, which the definitions alone do not make work: {names}"
    )
    for text in second.notes:
        progress.note(text)


def layers_in_force(workers: Workers, part: Part) -> tuple[str, ...]:
    """Return the layers of a worker that runs an empty file."""
    name = f"{part.name}.py"
    nothing = Submission("nothing", name, {name: b"# nothing to grade\n"})
    return run(workers, nothing, part, part.probe_names()[:1]).layers


def _request(
    submission: Submission, part: Part, progress: _Progress, limits: Limits
) -> dict[str, Any]:
    return {
        "part": part.name,
        "key": part.key,
        "main": submission.main,
        "files": {name: b64encode(data).decode() for name, data in submission.files.items()},
        "probes": progress.remaining,
        "way": progress.ways[0],
        "seconds": limits.load_seconds,
    }


def _run_worker(
    workers: Workers,
    request: dict[str, Any],
    progress: _Progress,
    limits: Limits,
    clock: Clock,
    end: float,
) -> None:
    """Run one worker as far as it gets, and give at least one probe its status."""
    worker = workers.start(request)
    clock.watch(worker)
    reading = _Reading(progress, 4 + 2 * len(progress.remaining))
    ended = ""
    try:
        for header, body in frames_of(worker.frames, limits, clock, end):
            if not reading.take(header, body):
                break
            if reading.confined and workers.isolation == "strict":
                require_layers(progress.layers)
        ended = worker.end(wait=0.2)
        how = how_it_ended(ended)
        passed_over = reading.cut_off and ended_itself(ended)
        if not (passed_over and _another_way(progress, f"did not come to its end: {how}")):
            reading.stop("crash", how)
    except TimeoutError:
        _settle_timeout(reading, limits.probe_seconds if reading.loaded else limits.load_seconds)
    except WireError as problem:
        reading.stop("malformed", str(problem))
    finally:
        if not ended:
            worker.end()


@dataclass(slots=True)
class _Reading:
    """What one worker has sent so far.

    Attributes:
        expected: how many more frames it may send: confined, loading, loaded, end, two per probe.
    """

    progress: _Progress
    expected: int
    current: str | None = None  # the probe that runs now
    confined: bool = False
    loading: bool = False  # once True, student code may send anything
    loaded: bool = False

    @property
    def cut_off(self) -> bool:
        """Whether the worker ended while it loaded the file."""
        return self.loading and not self.loaded and bool(self.progress.remaining)

    def take(self, header: dict[str, Any], body: bytes) -> bool:
        """Process one frame; return False if there is nothing more to read. Raises WireError."""
        self.expected -= 1
        if self.expected < 0:
            raise WireError("what came back from your code has more frames than there are answers")
        event, progress = header.get("event"), self.progress
        if event == "confined" and not self.confined:  # the first frame, before any student code
            self.confined = True
            progress.layers = known_layers(header.get("layers"))
        elif event == "loaded" and not self.loaded:
            self.loaded = True
            for text in notes(header.get("notes")):
                progress.note(text)
        elif event == "failed" and not self.loading:  # no student code ran yet that could send this
            progress.settle_all("unloadable", own_failure(header.get("message")))
            return False
        elif event in ("failed", "unloadable"):
            progress.settle_all("unloadable", marked(header.get("message")))
            return False
        elif event == "loading":
            self.loading = True
        elif event == "start" and header.get("probe") in progress.remaining:
            self.current = str(header["probe"])
        elif event == "done" and self.current is not None and header.get("probe") == self.current:
            _settle(progress, self.current, header, body)
            self.current = None
        else:
            return event in ("confined", "loaded", "start", "done")
        return True

    def stop(self, status: str, message: str) -> None:
        """Give a status to the current probe, or to all, of a worker that stopped too early."""
        if not self.progress.remaining:
            return
        if not self.loaded:
            self.progress.settle_all("unloadable", f"running your file: {message}")
        else:
            self.progress.settle(self.current or self.progress.remaining[0], status, message)


def _settle(progress: _Progress, probe: str, header: dict[str, Any], body: bytes) -> None:
    status = header.get("status")
    if header.get("served") is True:
        progress.note("asks for CUDA or another GPU; served on the CPU, which computes the same")
    if header.get("in_process") is True:
        progress.note("asks a DataLoader for workers; the data were loaded in the process itself")
    if status == "ok":
        arrays = parse_arrays(header.get("arrays"), body)
        if sum(one.nbytes for one in progress.arrays.values()) + len(body) > MAX_ARRAYS_BYTES:
            size = f"{MAX_ARRAYS_BYTES >> 20} MB"
            message = f"with this one, your functions return more than {size}, which is too much"
            progress.settle(probe, "malformed", message)
            return
        progress.arrays.update({f"{probe}/{name}": array for name, array in arrays.items()})
        progress.settle(probe, "ok", network=network_of(header))
    elif status in ("missing", "todo", "slip", "error"):
        if header.get("lacking") is True:
            progress.lacking.append(probe)
        progress.settle(probe, status, marked(header.get("message")), network_of(header))
    else:
        raise WireError("what came back from your code has no known status")


def _settle_timeout(reading: _Reading, limit: float) -> None:
    what = f"took longer than {limit:g} s (a training loop at the bottom?)"
    if not reading.loaded and _another_way(reading.progress, what):
        return
    reading.stop("timeout", f"no result after {limit:g} s: an endless loop?")


def _another_way(progress: _Progress, what: str) -> bool:
    """Go on to the next way of loading the file, and note why; return whether there is one."""
    if len(progress.ways) < 2:
        return False
    del progress.ways[0]
    progress.note(f"running the whole file {what}; what it defines was graded")
    return True

"""End a submission that uses too much in total: all of its processes, and its files in memory.

The kernel's limits (``sandbox.rights``) hold for each process alone, and a submission may start many.
So the zygote measures, every few hundredths of a second, what each worker and all that it started use
in total. Between two measurements, only the kernel's limits hold.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.worker.shared_memory import SharedMemory

PAUSE = 0.05  # seconds between two looks; a process fills 1 to 2 GB of memory in a second
LONGEST = (
    0.5  # seconds between two looks; many processes take a while, and are looked at less often
)
SHARE = 20  # looking takes about 1 / SHARE of a processor
CALM, CROWD = 19, 8  # more tasks than CROWD get the niceness CALM: 60 of them weigh as much as one
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one submission may use, with all of its processes in total.

    Attributes:
        memory: bytes, without what it shares with the zygote; files in memory count.
        cpu_seconds: processor time.
        tasks: processes and threads.
    """

    memory: int
    cpu_seconds: int
    tasks: int


@dataclass(slots=True)
class _Worker:
    """A running worker, its own folders in memory, and why it was ended."""

    folders: list[int]
    reason: str = ""
    calmed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Process:
    """What the kernel reports about a process; `session` is that of the worker that started it."""

    pid: int
    parent: int
    session: int
    faults: int
    ticks: int
    tasks: int


class Watch:
    """Measures the running workers; without /proc it does nothing.

    `shared` is the machine's shared memory, if workers do not have their own.
    """

    def __init__(self, bounds: Bounds, shared: SharedMemory | None) -> None:
        self._bounds = bounds
        self._shared = shared
        self._workers: dict[int, _Worker] = {}
        self._inherited = _memory(os.getpid())
        self._due = 0.0
        self._pause = PAUSE

    def begin(self, worker: int, folders: list[int]) -> None:
        """Watch a worker from now on; `folders` are descriptors of its own file systems in memory."""
        if not self._workers:
            self._due = time.monotonic() + self._pause
            if self._shared is not None:
                self._shared.remember()
        self._workers[worker] = _Worker(folders)

    def end(self, worker: int) -> str:
        """Stop watching a worker; return why it was ended, or "" if it was not.

        Call it when all of its processes have ended.
        """
        watched = self._workers.pop(worker)
        for folder in watched.folders:
            os.close(folder)
        return watched.reason

    def seconds(self) -> float | None:
        """Return the seconds until the next look; None if no worker runs."""
        return max(0.0, self._due - time.monotonic()) if self._workers else None

    def look(self) -> None:
        """Look, if it is time, and kill the workers that use too much."""
        if not self._workers or time.monotonic() < self._due:
            return
        started = time.monotonic()
        for worker, processes in self._families().items():
            watched = self._workers[worker]
            watched.reason = watched.reason or self._judge(worker, watched.folders, processes)
            if watched.reason:
                _kill(worker, processes)
            elif sum(process.tasks for process in processes) > CROWD:
                _calm(watched, processes)
        self._pause = min(max(PAUSE, SHARE * (time.monotonic() - started)), LONGEST)
        self._due = time.monotonic() + self._pause

    def _families(self) -> dict[int, list[_Process]]:
        """Return each worker's processes: its descendants, and those of its session."""
        alive = {process.pid: process for process in _processes()}
        families: dict[int, list[_Process]] = {worker: [] for worker in self._workers}
        for process in alive.values():
            above = process
            while above.pid not in families and above.parent in alive:
                above = alive[above.parent]
            owner = above.pid if above.pid in families else process.session
            if owner in families:
                families[owner].append(process)
        return families

    def _judge(self, worker: int, folders: list[int], processes: list[_Process]) -> str:
        bounds = self._bounds
        if sum(process.tasks for process in processes) > bounds.tasks:
            return f"processes {bounds.tasks}"
        if sum(process.ticks for process in processes) > bounds.cpu_seconds * TICKS:
            return f"processor {bounds.cpu_seconds}"
        files = sum(_files_below(folder) for folder in folders)
        if self._shared is not None:
            files += self._shared.used_by(user_of(worker))
        used = sum(self._own_memory(process) for process in processes)
        if files + used > bounds.memory and len(processes) > 1:
            used = self._memory_once(processes) or used
        return f"memory {bounds.memory}" if files + used > bounds.memory else ""

    def _memory_once(self, processes: list[_Process]) -> int:
        """Return what processes hold, with pages that several share counted once; 0 if unknown.

        It takes longer than `_own_memory`, which counts them for each. The zygote's pages do not
        count; it shares them with these processes and with the spare worker.
        """
        parts = [_part_of_shared(process.pid) for process in processes]
        if None in parts:
            return 0
        many = len(processes)
        return sum(part or 0 for part in parts) - self._inherited * many // (many + 2)

    def _own_memory(self, process: _Process) -> int:
        """Return a process's memory, without pages that it still shares with the zygote.

        Each page fault has copied at most one of the pages that it inherited.
        """
        inherited = self._inherited
        copied = min(inherited, process.faults * PAGE)
        return max(0, _memory(process.pid) - inherited) + copied


def _processes() -> Iterator[_Process]:
    try:
        names = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:
        return
    for name in names:
        try:
            text = Path(f"/proc/{name}/stat").read_text(errors="replace")  # a name may be any bytes
        except OSError:
            continue  # it has ended meanwhile
        fields = text.rpartition(")")[2].split()
        numbers = [
            int(number) for number in fields[1:18]
        ]  # proc(5): from the parent to the threads
        ticks, tasks = sum(numbers[10:14]), numbers[16]
        yield _Process(int(name), numbers[0], numbers[2], numbers[6], ticks, tasks)


def _memory(pid: int) -> int:
    """Return a process's bytes: its own, shared ones in memory, swapped ones, and page tables."""
    fields = _status(pid)
    counted = ("RssAnon", "RssShmem", "VmSwap", "VmPTE")
    return sum(int(fields[name].split()[0]) << 10 for name in counted if name in fields)


def user_of(pid: int) -> int:
    """Return a process's user id; the zygote's own if /proc does not say."""
    fields = _status(pid)
    return int(fields["Uid"].split()[0]) if "Uid" in fields else os.geteuid()


def _status(pid: int) -> dict[str, str]:
    try:
        text = Path(f"/proc/{pid}/status").read_text(errors="replace")
    except OSError:
        return {}  # it has ended meanwhile
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def _part_of_shared(pid: int) -> int | None:
    """Return a process's memory, a page that n processes share counted as 1 / n; None if unknown."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0 if os.path.exists("/proc/self/smaps_rollup") else None  # it has ended
    except PermissionError:
        return None
    lines = (line.split() for line in text.splitlines())
    counted = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")
    return sum(int(fields[1]) << 10 for fields in lines if fields[0] in counted)


def _files_below(folder: int) -> int:
    state = os.fstatvfs(folder)
    return (state.f_blocks - state.f_bfree) * state.f_frsize


def _kill(worker: int, processes: list[_Process]) -> None:
    for pid in (worker, *(process.pid for process in processes)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _calm(watched: _Worker, processes: list[_Process]) -> None:
    """Make many tasks wait for others: each gets the smallest share of the processor."""
    for process in processes:
        try:
            tasks = {int(name) for name in os.listdir(f"/proc/{process.pid}/task")}
        except OSError:
            continue
        for task in tasks - watched.calmed:
            try:
                os.setpriority(os.PRIO_PROCESS, task, CALM)
            except OSError:
                continue
        watched.calmed |= tasks

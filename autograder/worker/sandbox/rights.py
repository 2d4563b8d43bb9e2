"""What a worker gives up before student code runs: resources, user id, capabilities, files, calls."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from autograder.worker.sandbox.landlock import enter_landlock
from autograder.worker.sandbox.seccomp import filter_system_calls
from autograder.worker.sandbox.system import (
    PR_CAPBSET_DROP,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    SYS_CAPSET,
    call,
    libc,
    resource,
)

FIRST_USER_ID = 0x70000000  # far above every id that distributions give to users
# For a container that has only the usual 65536 ids; no system gives this one to a user either.
FALLBACK_USER_ID = 40000
TASKS = 64  # processes and threads of a submission; enough for eight data loaders with some threads
USER_IDS = 4096  # workers take them in turn, so that no two running ones share a process limit


def drop_rights(
    writable: str,
    readable: list[str],
    hidden: list[str],
    in_room: bool,
    number: int,
    memory: int,
    cpu_seconds: int,
) -> list[str]:
    """Give up everything that student code does not need; return the layers in force.

    Arguments:
        writable: the one directory that the process may write to.
        readable: what Landlock lets the process read.
        hidden: what it must not read, even inside a readable directory.
        in_room: whether ``enter_room`` succeeded; then there are capabilities to drop.
        number: the worker's number; it chooses the user id.
        memory: bytes that the process may map on top of what it has mapped now.
        cpu_seconds: processor time.
    """
    layers = ["resource limits"]
    _end_first_when_memory_is_short()
    if sys.platform != "linux":
        limit_resources(memory, cpu_seconds)
        return layers
    if os.geteuid() == 0 and _become_other_user(in_room, number, writable):
        layers.append("own user id")
    alone = in_room or "own user id" in layers  # else other workers and programs count, too
    limit_resources(memory, cpu_seconds, TASKS if alone else _tasks_on_the_machine() + 4 * TASKS)
    if in_room and _drop_capabilities():
        layers.append("no capabilities")
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # No other worker may look into this memory. In a pid namespace of its own no other one can even
    # name it; there the zygote may look, to sum what a submission holds.
    call("prctl", PR_SET_DUMPABLE, int(in_room and os.getpid() == 1), 0, 0, 0)
    layers.append("no new privileges")
    if enter_landlock(writable, readable, hidden):
        layers.append("landlock")
    if filter_system_calls(in_room):
        layers.append("system-call filter")
    return layers


def limit_resources(memory: int, cpu_seconds: int, tasks: int = TASKS) -> None:
    """Limit what this process may use: bytes on top of what it has mapped, and processor seconds.

    `tasks` is the number of processes and threads of its user, in its user namespace.
    """
    assert resource is not None
    limits = {
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_AS": _mapped_bytes() + memory,
        "RLIMIT_FSIZE": 64 << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_NPROC": tasks,
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        if name in ("RLIMIT_AS", "RLIMIT_NPROC") and sys.platform != "linux":
            continue  # macOS then cannot map libraries, and counts all of the user's processes
        resource.setrlimit(kind, (value, value))


def _tasks_on_the_machine() -> int:
    """Return how many tasks run now: the kernel counts all of a user's, also other programs'."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        return 0


def _end_first_when_memory_is_short() -> None:
    """Make the kernel kill this process, not another one of the grader, if memory runs out."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        pass  # no /proc, or no Linux: the kernel chooses by size


def _mapped_bytes() -> int:
    assert resource is not None
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * int(resource.getpagesize())
    except OSError:
        return 16 << 30  # no /proc: leave room for the libraries that are mapped already


def _become_other_user(in_room: bool, number: int, writable: str) -> bool:
    bases = (1,) if in_room else (FIRST_USER_ID, FALLBACK_USER_ID)
    return any(_become(base + number % USER_IDS, in_room, writable) for base in bases)


def _become(user: int, in_room: bool, writable: str) -> bool:
    try:
        os.chown(writable, user, user)
        for folder, folders, names in os.walk(writable):
            folders[:] = [f for f in folders if not os.path.ismount(os.path.join(folder, f))]
            for name in (folder, *(os.path.join(folder, n) for n in names)):
                os.chown(name, user, user)
        if not in_room:
            os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:
        return False
    return True


def _drop_capabilities() -> bool:
    machine = os.uname().machine
    header = struct.pack("=Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    try:
        for capability in range(64):
            if libc is not None:
                libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        call("syscall", SYS_CAPSET[machine], header, bytes(24))
    except OSError:
        return False
    return True

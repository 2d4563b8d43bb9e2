"""The names of the walls, as results and `autograder doctor` show them."""

from __future__ import annotations

NAMESPACES = {  # name -> CLONE_NEW* flag (linux/sched.h)
    "user namespace": 0x10000000,
    "mount namespace": 0x00020000,
    "pid namespace": 0x20000000,
    "network namespace": 0x40000000,
    "ipc namespace": 0x08000000,
    "uts namespace": 0x04000000,
}
PER_WORKER = ("mount namespace", "ipc namespace", "uts namespace")  # and pid, which needs a fork
LAYERS = (
    *NAMESPACES,
    "own user id",
    "no capabilities",
    "no new privileges",
    "system-call filter",
    "landlock",
    "resource limits",
)
STRICT = tuple(layer for layer in LAYERS if layer not in ("own user id", "landlock"))

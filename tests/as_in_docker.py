"""Run a command with the rights that Docker gives root by default: no namespaces, few capabilities.

    python tests/as_in_docker.py [--without-landlock] COMMAND [ARGUMENT]...

Needs root and libseccomp. Docker's profile refuses these calls to whoever lacks CAP_SYS_ADMIN, and its
containers lack it.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24
KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}  # of 41 capabilities, Docker's default list
REFUSED = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "open_tree", "move_mount", "fsopen"),
    *("fsconfig", "fsmount", "fspick", "mount_setattr", "bpf", "perf_event_open", "ptrace"),
)


LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


def main(command: list[str]) -> None:
    """Give up the rights and become the command."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in set(range(41)) - KEPT:
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), f"capability {capability} cannot be dropped")
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(0x7FFF0000)))
    refused = REFUSED
    if command[0] == "--without-landlock":  # as on an older kernel
        refused, command = REFUSED + LANDLOCK, command[1:]
    for name in refused:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if library.seccomp_rule_add_array(rules, ctypes.c_uint32(0x00050001), number, 0, None):
            raise OSError(f"{name} cannot be refused")
    if library.seccomp_load(rules):
        raise OSError("the filter cannot be loaded")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])

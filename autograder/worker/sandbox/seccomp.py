"""The system-call filter, installed through libseccomp, which knows the calls' numbers."""

from __future__ import annotations

import ctypes
import os
import struct

from autograder.worker.sandbox.layers import NAMESPACES

# Refused system calls: none is needed to compute a network, each is a step of some known escape.
FORBIDDEN_CALLS = """
    execve execveat socket ptrace process_vm_readv process_vm_writev process_madvise kcmp
    pidfd_open pidfd_getfd pidfd_send_signal unshare setns mount umount2 pivot_root chroot
    open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr name_to_handle_at
    open_by_handle_at bpf perf_event_open userfaultfd io_uring_setup io_uring_enter
    io_uring_register keyctl add_key request_key init_module finit_module delete_module
    kexec_load kexec_file_load reboot swapon swapoff acct quotactl personality syslog
    settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname
    ioperm iopl lookup_dcookie mknod mknodat memfd_secret
""".split()


def filter_system_calls(in_room: bool) -> bool:
    """Refuse the forbidden calls with EPERM, through libseccomp, which knows their numbers here.

    In a room no foreign process can be named; elsewhere nobody but the caller may be signalled.
    """
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    library.seccomp_init.restype = ctypes.c_void_p
    allow, refuse, pretend_missing = 0x7FFF0000, 0x00050001, 0x00050026  # EPERM, ENOSYS
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(allow)))
    if not rules:
        return False

    def add(action: int, name: str, *conditions: bytes) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # this processor has such a call
            array = b"".join(conditions)
            count = len(conditions)
            library.seccomp_rule_add_array(rules, ctypes.c_uint32(action), number, count, array)

    for name in FORBIDDEN_CALLS:
        add(refuse, name)
    for flag in NAMESPACES.values():  # struct scmp_arg_cmp: argument 0, masked equality
        add(refuse, "clone", struct.pack("=IiQQ", 0, 7, flag, flag))
    # The flags of clone3 lie in memory, out of sight; libc falls back to clone.
    add(pretend_missing, "clone3")
    if not in_room:
        for name in ("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
            add(refuse, name)
        for name in ("kill", "tgkill"):  # argument 0 is not this process
            add(refuse, name, struct.pack("=IiQQ", 0, 1, os.getpid(), 0))
        add(refuse, "prlimit64", struct.pack("=IiQQ", 0, 1, 0, 0))
    loaded = library.seccomp_load(rules) == 0
    library.seccomp_release(rules)
    return bool(loaded)

"""The system-call filter, compiled by libseccomp, which knows the calls' numbers.

`calls` lists what is allowed. All calls of another kind of processor (32 bits by `int 0x80`, x32) get
an error, because the list's numbers do not apply to them.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct

from autograder.worker.sandbox import calls
from autograder.worker.sandbox.system import PR_SET_SECCOMP, Refused, call

ALLOW = 0x7FFF0000  # SCMP_ACT_ALLOW
ERROR = 0x00050000  # SCMP_ACT_ERRNO; its low bits are the error's number
PRETEND_MISSING, REFUSE = ERROR | errno.ENOSYS, ERROR | errno.EPERM
OTHER_PROCESSORS, OPTIMIZE = 2, 8  # SCMP_FLTATR_ACT_BADARCH, SCMP_FLTATR_CTL_OPTIMIZE
BINARY_TREE = 2  # value of OPTIMIZE: ten comparisons per call instead of 200; from libseccomp 2.5
NOT_EQUAL, MASKED_EQUAL = 1, 7  # SCMP_CMP_NE, SCMP_CMP_MASKED_EQ
MODE_FILTER = 2  # SECCOMP_MODE_FILTER
LARGEST = 4096 * 8  # bytes of a filter: the kernel accepts 4096 instructions (BPF_MAXINSNS)


def filter_system_calls(in_room: bool) -> bool:
    """Give an error to every call that is not in the list; return whether the filter is in force.

    Outside a room, a process may also send signals and set limits only to itself. In a room it sees no
    other processes.
    """
    program = compiled()
    if not program or not (in_room or _reach_oneself_alone()):
        return False
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))  # struct sock_fprog
    try:
        call("prctl", PR_SET_SECCOMP, MODE_FILTER, header, 0, 0)
    except Refused:
        return False
    return True


@functools.cache
def compiled() -> bytes:
    """Return the filter as instructions for the kernel; empty if there is no libseccomp.

    This takes milliseconds, so the zygote calls it once, for all of its workers.
    """
    rules = _Rules(PRETEND_MISSING)
    if not rules.there:
        return b""
    for name in calls.allowed():
        rules.add(ALLOW, name)
    for name in calls.refused():
        rules.add(REFUSE, name)
    for only in calls.ONLY:
        for value in only.values:
            compared = ((only.argument, only.mask, value), *only.also)
            conditions = [_condition(place, MASKED_EQUAL, *rest) for place, *rest in compared]
            rules.add(ALLOW, only.call, *conditions)
    return rules.export()


def _reach_oneself_alone() -> bool:
    rules = _Rules(ALLOW)
    for name, own in (("kill", os.getpid()), ("tgkill", os.getpid()), ("prlimit64", 0)):
        rules.add(REFUSE, name, _condition(0, NOT_EQUAL, own, 0))
    return rules.load()


def _condition(argument: int, comparison: int, first: int, second: int) -> bytes:
    return struct.pack("=IiQQ", argument, comparison, first, second)  # struct scmp_arg_cmp


class _Rules:
    """A filter of libseccomp; `there` says whether this machine has the library."""

    def __init__(self, default: int) -> None:
        self.there = False
        try:
            self._library = ctypes.CDLL("libseccomp.so.2")
        except OSError:
            return
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._rules = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(default)))
        self.there = bool(self._rules)
        missing = ctypes.c_uint32(PRETEND_MISSING)
        self._library.seccomp_attr_set(self._rules, OTHER_PROCESSORS, missing)
        self._library.seccomp_attr_set(self._rules, OPTIMIZE, ctypes.c_uint32(BINARY_TREE))

    def add(self, action: int, name: str, *conditions: bytes) -> None:
        """Add a rule for a call, unless this processor has no such call."""
        number = self._library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            what, array = ctypes.c_uint32(action), b"".join(conditions)
            failed = self._library.seccomp_rule_add_array(
                self._rules, what, number, len(conditions), array
            )
            if failed:
                raise Refused(-failed, f"no rule for the system call {name}")

    def load(self) -> bool:
        """Put the filter in force; return whether the kernel accepted it."""
        return bool(self._library.seccomp_load(self._rules) == 0)

    def export(self) -> bytes:
        """Return the filter as instructions for the kernel; empty if that fails."""
        source, target = os.pipe()  # which holds 64 KiB, more than the largest filter
        with os.fdopen(source, "rb") as reader, os.fdopen(target, "wb") as writer:
            failed = self._library.seccomp_export_bpf(self._rules, writer.fileno())
            writer.close()
            return b"" if failed else reader.read(LARGEST)

"""Landlock: a list, kept by the kernel, of the files that a process may open."""

from __future__ import annotations

import os
import struct

from autograder.worker.sandbox.system import call

SYS_LANDLOCK_CREATE, SYS_LANDLOCK_ADD, SYS_LANDLOCK_RESTRICT = 444, 445, 446
# Landlock's rights (linux/landlock.h): what may be done to files below an allowed directory.
LANDLOCK_LIST = 1 << 3
LANDLOCK_READ = (1 << 2) | LANDLOCK_LIST  # read a file, list a directory
LANDLOCK_ALL_V1 = (1 << 13) - 1
LANDLOCK_REFER, LANDLOCK_TRUNCATE, LANDLOCK_IOCTL = 1 << 13, 1 << 14, 1 << 15


def enter_landlock(writable: str, readable: list[str], hidden: list[str]) -> bool:
    """Allow reading below `readable`, and everything below `writable`; return whether it is in force.

    `hidden` paths may not be read, even below a readable one. Some system files may be read, too.
    """
    try:
        version = call("syscall", SYS_LANDLOCK_CREATE, None, 0, 1)
        rights = LANDLOCK_ALL_V1
        rights |= LANDLOCK_REFER if version >= 2 else 0
        rights |= LANDLOCK_TRUNCATE if version >= 3 else 0
        rights |= LANDLOCK_IOCTL if version >= 5 else 0
        network = 3 if version >= 4 else 0  # bind and connect, TCP
        scopes = 3 if version >= 6 else 0  # abstract sockets and signals stay inside
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        attributes = struct.pack("=QQQ", rights, network, scopes)[:size]
        rules = call("syscall", SYS_LANDLOCK_CREATE, attributes, size, 0)
    except OSError:
        return False
    devices = [f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom")]
    for path in readable:
        _allow_without(rules, path, hidden)
    for path in ("/proc/self", "/sys/devices/system/cpu", "/etc/ld.so.cache"):
        _allow(rules, path, LANDLOCK_READ)
    for path in devices:
        _allow(rules, path, (1 << 2) | (1 << 1))
    for path in (writable, "/dev/shm"):
        _allow(rules, path, rights)
    try:
        call("syscall", SYS_LANDLOCK_RESTRICT, rules, 0)
    except OSError:
        return False
    finally:
        os.close(rules)
    return True


def _allow_without(rules: int, path: str, hidden: list[str]) -> None:
    """Allow reading below a path, but not hidden paths; a folder that holds one can only be listed.

    A rule gives rights to everything below its path, and no rule takes them away. So everything beside
    a hidden path is allowed on its own: an installed autograder is among packages that workers need.
    """
    if path in hidden:
        return
    if not any(place.startswith(path + "/") for place in hidden):
        _allow(rules, path, LANDLOCK_READ)
        return
    _allow(rules, path, LANDLOCK_LIST)
    try:
        names = os.listdir(path)
    except PermissionError:
        return  # this process is another user by now: what it may not list stays unreadable
    for name in names:
        _allow_without(rules, os.path.join(path, name), hidden)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a missing file needs no permission
    if not os.path.isdir(path):
        rights &= (1 << 0) | (1 << 1) | (1 << 2) | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL
    rule = struct.pack("=Qi", rights, handle)
    try:
        call("syscall", SYS_LANDLOCK_ADD, rules, 1, rule, 0)
    finally:
        os.close(handle)

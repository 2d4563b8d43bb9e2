"""A room of its own for the zygote and its workers: namespaces, and an almost empty root directory.

Confining takes three steps, in this order:

1. ``enter_room``: once per zygote. New namespaces, and a root directory that holds Python and its
   packages, read-only, and nothing else. No answer, solution, suite, home or shell exists in it.
2. ``fork_worker``: per submission. A fork with a process tree, a /tmp and an IPC space of its own.
3. ``rights.drop_rights``: in the worker, last. From there on student code may run.

Bubblewrap does the first step well, but it has to start a program. Grading a class is fast only because
workers are *forked* from a process that has imported torch, so the calls are made here. A layer that
the machine refuses is left out of the list of layers; none is assumed.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from autograder.worker.sandbox.layers import NAMESPACES, PER_WORKER
from autograder.worker.sandbox.rights import FIRST_USER_ID, USER_IDS
from autograder.worker.sandbox.system import (
    AT_FDCWD,
    AT_RECURSIVE,
    MNT_DETACH,
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NOSUID,
    MOUNT_ATTR_RDONLY,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    SYS_MOUNT_SETATTR,
    SYS_PIVOT_ROOT,
    Refused,
    call,
    die_with_parent,
    mount,
)


def enter_room(readable: list[str], hidden: list[str]) -> list[str]:
    """Move this process, and all that it forks, into a room of its own.

    Arguments:
        readable: files and directories that exist in the room, read-only, at the same paths.
        hidden: paths that must not exist, even inside a readable directory.

    Returns the layers in force. Must be called while the process has one thread. If namespaces are
    refused, it changes nothing and returns an empty list.

    The process that returns is a child of the caller's process. The caller's process waits for it and
    ends with its exit status.
    """
    if sys.platform != "linux" or os.uname().machine not in SYS_PIVOT_ROOT:
        return []
    try:
        _unshare_with_user_map()
    except OSError:
        return []
    _leave_a_waiting_parent()
    _build_root(readable, hidden)
    return list(NAMESPACES)


def _unshare_with_user_map() -> None:
    """Enter new namespaces, with a user map that a helper outside of them writes."""
    me, uid, gid = os.getpid(), os.geteuid(), os.getegid()
    ready, go = os.pipe()
    done, tell = os.pipe()
    helper = os.fork()
    if helper == 0:
        status = 1
        os.close(go)  # else its own copy would keep it waiting if namespaces are refused
        os.close(done)
        try:
            if os.read(ready, 1) == b"1":
                _write_user_map(me, uid, gid)
                os.write(tell, b"1")
                status = 0
        finally:
            os._exit(status)
    os.close(ready)
    os.close(tell)
    try:
        flags = 0
        for flag in NAMESPACES.values():
            flags |= flag
        if uid == 0:
            os.setgroups([])
        call("unshare", flags)
        os.write(go, b"1")
        if os.read(done, 1) != b"1":
            raise Refused(1, "the user map could not be written")
    finally:
        os.close(go)
        os.close(done)
        os.waitpid(helper, 0)


def _write_user_map(pid: int, uid: int, gid: int) -> None:
    base = Path(f"/proc/{pid}")
    if uid == 0:
        for name in ("uid_map", "gid_map"):
            (base / name).write_text(f"0 0 1\n1 {FIRST_USER_ID} {USER_IDS}\n")
    else:
        (base / "setgroups").write_text("deny")
        (base / "uid_map").write_text(f"{uid} {uid} 1\n")
        (base / "gid_map").write_text(f"{gid} {gid} 1\n")


def _leave_a_waiting_parent() -> None:
    """Fork into the new pid namespace; only the child returns."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)  # as shells report a signal
    die_with_parent()


def _build_root(readable: list[str], hidden: list[str]) -> None:
    """Pivot to an empty root directory and bind what the worker needs into it."""
    new, old = "/tmp", "/.old"
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", new, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16m")
    os.mkdir(new + old)
    os.chdir(new)
    syscall = SYS_PIVOT_ROOT[os.uname().machine]
    call("syscall", syscall, b".", (new + old).encode())
    os.chdir("/")
    os.makedirs("/tmp", exist_ok=True)
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m")

    for path in _outermost(readable):
        _bind(old + path, path)
    for path in hidden:
        if any(path == top or path.startswith(top + "/") for top in readable):
            _mask(path)
    for name in ("null", "zero", "full", "random", "urandom"):
        _bind(f"{old}/dev/{name}", f"/dev/{name}", read_only=False)
    for path in ("/etc/ld.so.cache", "/etc/localtime", "/sys/devices/system/cpu"):
        if os.path.exists(old + path):
            _bind(old + path, path)
    Path("/etc").mkdir(exist_ok=True)
    Path("/etc/passwd").write_text("student:x:1:1::/tmp:/none\n")
    for name in ("/dev/shm", "/proc"):
        os.makedirs(name, exist_ok=True)
    _mount_proc()
    call("umount2", old.encode(), MNT_DETACH)
    os.rmdir(old)
    mount("none", "/", flags=MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _mount_proc() -> None:
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    except Refused:
        pass  # a container that masks its own /proc forbids a new one: the room has none


def _outermost(paths: list[str]) -> list[str]:
    """Return the paths that exist and are not below another of the paths."""
    kept: list[str] = []
    for path in sorted({p.rstrip("/") for p in paths}):
        if not any(path.startswith(top + "/") for top in kept) and os.path.exists("/.old" + path):
            kept.append(path)
    return kept


def _bind(source: str, target: str, read_only: bool = True) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    mount(source, target, flags=MS_BIND | MS_REC)
    attributes = MOUNT_ATTR_NOSUID | (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV if read_only else 0)
    block = struct.pack("=QQQQ", attributes, 0, 0, 0)
    call("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), AT_RECURSIVE, block, len(block))


def _mask(path: str) -> None:
    """Put an empty directory, or an empty file, over a path."""
    if os.path.isdir(path):
        mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=755")
    elif os.path.exists(path):
        mount("/dev/null", path, flags=MS_BIND)


def fork_worker(in_room: bool, readable: list[str]) -> int:
    """Fork; return the child's pid, or 0 in the child.

    In a room, the child is the first process of its own pid namespace: when it dies, the kernel kills
    all that it has started. `readable` is what ``enter_room`` got.
    """
    if not in_room:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            die_with_parent()
        return pid
    own = os.open("/proc/self/ns/pid", os.O_RDONLY) if os.path.exists("/proc/self/ns") else -1
    flag = NAMESPACES["pid namespace"]
    if own >= 0:
        call("unshare", flag)
    pid = os.fork()
    if pid == 0:
        os.setsid()  # where the kernel groups processes by session, each worker gets a fair share
        die_with_parent()
        _furnish_corner(readable)
    elif own >= 0:
        call("setns", own, flag)
    if own >= 0:
        os.close(own)
    return pid


def _furnish_corner(readable: list[str]) -> None:
    """Give the worker its own /tmp, in which packages that are installed below /tmp stay visible."""
    flags = 0
    for name in PER_WORKER:
        flags |= NAMESPACES[name]
    call("unshare", flags)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    _mount_proc()
    shown = [path for path in readable if path.startswith("/tmp/") and os.path.isdir(path)]
    handles = [os.open(path, os.O_PATH | os.O_DIRECTORY) for path in shown]
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=256m,nr_inodes=4k")
    for path, handle in zip(shown, handles):
        os.makedirs(path, exist_ok=True)
        os.fchdir(handle)
        mount(".", path, flags=MS_BIND | MS_REC)
        os.close(handle)
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m,nr_inodes=64")
    if os.geteuid() != 0:
        _count_tasks_apart()


def _count_tasks_apart() -> None:
    """Enter an own user namespace, because the kernel counts processes by namespace and user.

    A plain user's workers share one user id: the children of one would use up the threads of another.
    """
    own = Path("/proc/self")
    if not (own / "uid_map").exists():
        return  # no /proc in which to write the map
    user, group = os.geteuid(), os.getegid()
    try:
        call("unshare", NAMESPACES["user namespace"])
    except Refused:
        return  # the system refuses so many of them
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1\n")
    (own / "gid_map").write_text(f"{group} {group} 1\n")

"""Confine a process, layer by layer, and say which layers are in force.

Runs inside the zygote, before and after its fork; standard library only, so that nothing of ours
has to be reachable from in there. Three steps, in this order:

1. ``enter_room``: once per zygote. New namespaces, and a root directory that holds Python and its
   packages, read-only, and nothing else. No answer, solution, suite, home or shell exists in it.
2. ``fork_worker``: per submission. A fork with a process tree, a /tmp and an IPC space of its own.
3. ``drop_rights``: in the worker, last. Resource limits, another user id, no capabilities, no new
   privileges, Landlock, and a system-call filter. From here on student code may run.

Bubblewrap does the first step well, but has to exec a program, and what makes a class cheap to grade
is a worker that is *forked* with torch already imported. So the calls are made here, through ctypes.
Every step tries; what the machine refuses is left out of the list of layers, never assumed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows has none; nothing below is called there
    resource = None

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

FIRST_USER_ID = 0x70000000  # far above every id that distributions hand out
FALLBACK_USER_ID = (
    40000  # for a container that has the usual 65536 ids only; no system's users either
)
USER_IDS = 4096  # workers take them in turn, so that no two alive share a process limit

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND = 1, 2, 4, 32, 4096
MS_REC, MS_PRIVATE, MNT_DETACH = 16384, 1 << 18, 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 1, 4, 38, 24
PR_SET_CHILD_SUBREAPER = 36
SYS_MOUNT_SETATTR, AT_RECURSIVE, AT_FDCWD = 442, 0x8000, -100
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
SYS_LANDLOCK_CREATE, SYS_LANDLOCK_ADD, SYS_LANDLOCK_RESTRICT = 444, 445, 446
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}

# Landlock's rights (linux/landlock.h): what may be done to files below an allowed directory.
LANDLOCK_LIST = 1 << 3
LANDLOCK_READ = (1 << 2) | LANDLOCK_LIST  # read a file, list a directory
LANDLOCK_ALL_V1 = (1 << 13) - 1
LANDLOCK_REFER, LANDLOCK_TRUNCATE, LANDLOCK_IOCTL = 1 << 13, 1 << 14, 1 << 15

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


class Refused(OSError):
    """A system call that this machine does not grant."""


_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _call(name: str, *arguments: object) -> int:
    assert _libc is not None
    result = int(getattr(_libc, name)(*arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise Refused(code, f"{name}: {os.strerror(code)}")
    return result


def _mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    words = (source.encode(), target.encode(), kind.encode() or None)
    _call("mount", *words, ctypes.c_ulong(flags), options.encode() or None)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, however the parent dies."""
    if sys.platform == "linux":
        _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent has died, so that it can be ended."""
    if sys.platform == "linux":
        _call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans(known: Iterable[int]) -> None:
    """Kill this process's children that are not `known`, and theirs as they are adopted."""
    spared = set(known)
    for _ in range(100):  # one that forks faster than it is killed is not followed for ever
        orphans = [pid for pid in _children() if pid not in spared]
        if not orphans:
            return
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> list[int]:
    me, found = os.getpid(), []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == me:
            found.append(int(status.parent.name))
    return found


# ---------------------------------------------------------------------------------------------
# 1. The room
# ---------------------------------------------------------------------------------------------


def enter_room(readable: list[str], hidden: list[str]) -> list[str]:
    """Move this process, and all that it forks, into a room of its own.

    Arguments:
        readable: files and directories that exist in the room, read-only, at the same paths.
        hidden: paths that must not exist even where a readable directory holds them.

    Returns the layers in force. Must be called while the process has one thread. Where namespaces
    are refused it changes nothing and returns an empty list.

    The process that returns is a child of the caller's process, which stays behind, waits for it and
    takes over its exit status.
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
        os.close(go)  # or its own copy would keep it waiting where namespaces are refused
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
        _call("unshare", flags)
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
        os._exit(code if code >= 0 else 128 - code)  # as shells tell a signal
    die_with_parent()


def _build_root(readable: list[str], hidden: list[str]) -> None:
    """Pivot to an empty root directory and bind what the worker needs into it."""
    new, old = "/tmp", "/.old"
    _mount("none", "/", flags=MS_REC | MS_PRIVATE)
    _mount("tmpfs", new, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16m")
    os.mkdir(new + old)
    os.chdir(new)
    syscall = SYS_PIVOT_ROOT[os.uname().machine]
    _call("syscall", syscall, b".", (new + old).encode())
    os.chdir("/")
    os.makedirs("/tmp", exist_ok=True)
    _mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m")

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
    _call("umount2", old.encode(), MNT_DETACH)
    os.rmdir(old)
    _mount("none", "/", flags=MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _mount_proc() -> None:
    try:
        _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    except Refused:
        pass  # a container that masks its own /proc forbids a new one; the room then has none


def _outermost(paths: list[str]) -> list[str]:
    """Drop what does not exist and what lies below another of the paths."""
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
    _mount(source, target, flags=MS_BIND | MS_REC)
    attributes = MOUNT_ATTR_NOSUID | (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV if read_only else 0)
    block = struct.pack("=QQQQ", attributes, 0, 0, 0)
    _call("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), AT_RECURSIVE, block, len(block))


def _mask(path: str) -> None:
    """Put an empty directory, or an empty file, over a path."""
    if os.path.isdir(path):
        _mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=755")
    elif os.path.exists(path):
        _mount("/dev/null", path, flags=MS_BIND)


# ---------------------------------------------------------------------------------------------
# 2. The worker's own corner
# ---------------------------------------------------------------------------------------------


def fork_worker(in_room: bool, readable: list[str]) -> int:
    """Fork; return the child's pid, or 0 in the child.

    In a room the child is the first process of a pid namespace of its own: when it dies, the kernel
    kills whatever it has started. `readable` is what ``enter_room`` was given.
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
        _call("unshare", flag)
    pid = os.fork()
    if pid == 0:
        os.setsid()  # where the kernel groups processes by session, each worker gets a fair share
        die_with_parent()
        _furnish_corner(readable)
    elif own >= 0:
        _call("setns", own, flag)
    if own >= 0:
        os.close(own)
    return pid


def _furnish_corner(readable: list[str]) -> None:
    """Give the worker its own /tmp; packages that are installed below /tmp show through it."""
    flags = 0
    for name in PER_WORKER:
        flags |= NAMESPACES[name]
    _call("unshare", flags)
    _mount("none", "/", flags=MS_REC | MS_PRIVATE)
    _mount_proc()
    shown = [path for path in readable if path.startswith("/tmp/") and os.path.isdir(path)]
    handles = [os.open(path, os.O_PATH | os.O_DIRECTORY) for path in shown]
    _mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=256m,nr_inodes=4k")
    for path, handle in zip(shown, handles):
        os.makedirs(path, exist_ok=True)
        os.fchdir(handle)
        _mount(".", path, flags=MS_BIND | MS_REC)
        os.close(handle)
    _mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m,nr_inodes=64")


# ---------------------------------------------------------------------------------------------
# 3. The worker's rights
# ---------------------------------------------------------------------------------------------


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
        writable: the one directory that may be written.
        readable: what Landlock lets the process read.
        hidden: what it must not read even where a readable directory holds it.
        in_room: whether ``enter_room`` succeeded, so that capabilities are held and must be dropped.
        number: a running number of the worker; it chooses the user id.
        memory: bytes that the process may map on top of what it has mapped now.
        cpu_seconds: processor time.
    """
    layers = ["resource limits"]
    limit_resources(memory, cpu_seconds)
    _end_first_when_memory_is_short()
    if sys.platform != "linux":
        return layers
    if os.geteuid() == 0 and _become_other_user(in_room, number, writable):
        layers.append("own user id")
    if in_room and _drop_capabilities():
        layers.append("no capabilities")
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)  # no other worker may look into this memory
    layers.append("no new privileges")
    if _enter_landlock(writable, readable, hidden):
        layers.append("landlock")
    if _filter_system_calls(in_room):
        layers.append("system-call filter")
    return layers


def limit_resources(memory: int, cpu_seconds: int) -> None:
    """Limit what this process may use: bytes on top of what it has mapped, and processor seconds."""
    assert resource is not None
    limits = {
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_AS": _mapped_bytes() + memory,
        "RLIMIT_FSIZE": 64 << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_NPROC": 64,
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        if name in ("RLIMIT_AS", "RLIMIT_NPROC") and sys.platform != "linux":
            continue  # macOS then refuses to map libraries; and counts all of the user's processes
        resource.setrlimit(kind, (value, value))


def _end_first_when_memory_is_short() -> None:
    """Let the kernel choose this process, and no other of the grader, when a machine runs out."""
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
            if _libc is not None:
                _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        _call("syscall", SYS_CAPSET[machine], header, bytes(24))
    except OSError:
        return False
    return True


def _enter_landlock(writable: str, readable: list[str], hidden: list[str]) -> bool:
    """Allow reading below `readable` and everything below `writable`; nothing anywhere else."""
    try:
        version = _call("syscall", SYS_LANDLOCK_CREATE, None, 0, 1)
        rights = LANDLOCK_ALL_V1
        rights |= LANDLOCK_REFER if version >= 2 else 0
        rights |= LANDLOCK_TRUNCATE if version >= 3 else 0
        rights |= LANDLOCK_IOCTL if version >= 5 else 0
        network = 3 if version >= 4 else 0  # bind and connect, TCP
        scopes = 3 if version >= 6 else 0  # abstract sockets and signals stay inside
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        attributes = struct.pack("=QQQ", rights, network, scopes)[:size]
        rules = _call("syscall", SYS_LANDLOCK_CREATE, attributes, size, 0)
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
        _call("syscall", SYS_LANDLOCK_RESTRICT, rules, 0)
    except OSError:
        return False
    finally:
        os.close(rules)
    return True


def _allow_without(rules: int, path: str, hidden: list[str]) -> None:
    """Allow reading below a path, but not what is hidden: there names alone can be listed.

    Rules only ever add rights to what lies below, so what surrounds a hidden path is allowed piece
    by piece: an installed autograder lies among the packages that a worker needs.
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
        return  # by now this is another user: what it may not list stays out of reach
    for name in names:
        _allow_without(rules, os.path.join(path, name), hidden)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    if not os.path.isdir(path):
        rights &= (1 << 0) | (1 << 1) | (1 << 2) | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL
    rule = struct.pack("=Qi", rights, handle)
    try:
        _call("syscall", SYS_LANDLOCK_ADD, rules, 1, rule, 0)
    finally:
        os.close(handle)


def _filter_system_calls(in_room: bool) -> bool:
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

"""The system calls that student code may make, with the reason for each group; all others get an error.

Measured (strace) with the solutions, variants and notebooks of all parts, and with other things that
students' code does: threads, multiprocessing, DataLoader's workers, files, pictures, signals, event
loops. In addition, if a kernel has an older and a newer form of a call, both are here, so that other
processors (arm64) and other C libraries work. A name that this processor does not know is left out.

`seccomp` makes a filter from the list. A call that is not here gets ENOSYS, "this kernel has no such
call", and libraries then use another way. Calls in `REFUSED` get EPERM, because the student who tried
reads its message, "Operation not permitted".
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.worker.sandbox.layers import NAMESPACES


@dataclass(frozen=True, slots=True)
class Group:
    """Calls that are allowed, whatever their arguments, and why."""

    reason: str
    calls: str


@dataclass(frozen=True, slots=True)
class Only:
    """A call that is allowed if one argument has one of some values.

    Attributes:
        argument: its position, from 0.
        mask: the bits that are compared; the kernel ignores the upper half of an int.
        also: position, mask and value of other arguments.
    """

    call: str
    argument: int
    values: tuple[int, ...]
    reason: str
    mask: int = 0xFFFFFFFF
    also: tuple[tuple[int, int, int], ...] = ()


GROUPS = (
    Group(
        "read and write files; which ones, the room, Landlock and the user id decide",
        "open openat openat2 creat close close_range read readv pread64 preadv preadv2 write writev "
        "pwrite64 pwritev pwritev2 lseek _llseek dup dup2 dup3 flock truncate ftruncate fallocate "
        "fadvise64 fsync fdatasync sendfile sendfile64 copy_file_range",
    ),
    Group(
        "look at files, and name, move and remove them: tempfile, shutil, pathlib, torch.save",
        "stat lstat fstat newfstatat fstatat64 statx access faccessat faccessat2 readlink readlinkat "
        "getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat "
        "renameat2 link linkat symlink symlinkat chmod fchmod fchmodat fchmodat2 umask utime utimes "
        "utimensat futimesat statfs fstatfs getxattr lgetxattr fgetxattr listxattr llistxattr "
        "flistxattr",
    ),
    Group(
        "memory; the last three: libraries that ask on which node a page lies, and barriers",
        "brk mmap mmap2 munmap mprotect mremap madvise msync mincore get_mempolicy membarrier "
        "arch_prctl",  # oneDNN asks for the processor's tile registers by it
    ),
    Group(
        "threads and child processes: DataLoader, multiprocessing, OpenMP, BLAS",
        "fork vfork wait4 waitid exit exit_group futex set_robust_list get_robust_list "
        "set_tid_address rseq sched_yield sched_getaffinity sched_getparam sched_getscheduler "
        "sched_get_priority_min sched_get_priority_max getcpu getpriority",
    ),
    Group(
        "signals to oneself: alarms as time limits, faulthandler, Ctrl-C handlers",
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait "
        "sigaltstack restart_syscall pause alarm setitimer getitimer",
    ),
    Group(
        "end one's own children: multiprocessing's terminate; outside of a room `seccomp` allows "
        "these for the caller alone",
        "kill tgkill prlimit64",
    ),
    Group(
        "read the time, and sleep",
        "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times",
    ),
    Group(
        "pipes and waiting for them: multiprocessing's queues, asyncio's loop",
        "pipe pipe2 poll ppoll select pselect6 _newselect epoll_create epoll_create1 epoll_ctl "
        "epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2",
    ),
    Group(
        "talk over a pair of sockets that `socketpair` made: multiprocessing's pipes; no other exists",
        "sendmsg recvmsg recvfrom shutdown getsockopt setsockopt getsockname getpeername",
    ),
    Group(
        "who and where am I, and how much may I use",
        "getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid "
        "getresgid getgroups capget uname sysinfo getrusage getrlimit setrlimit getrandom",
    ),
)
# Flags of clone: new namespaces, and processes that do not become children of the caller.
CLONE_PTRACE, CLONE_PARENT, CLONE_NEWCGROUP = 0x2000, 0x8000, 0x02000000
CLONE_REFUSED = CLONE_PTRACE | CLONE_PARENT | CLONE_NEWCGROUP | sum(NAMESPACES.values())
ONLY = (
    Only("clone", 0, (0,), "threads and forks; no namespaces", CLONE_REFUSED),
    Only(
        "socketpair",
        0,
        (1,),
        "AF_UNIX and SOCK_STREAM; a datagram could be sent to any address by sendmsg",
        also=((1, 0xF, 1),),
    ),
    Only("sendto", 4, (0,), "to the other end of a pair, to no address", 0xFFFFFFFFFFFFFFFF),
    Only(
        "fcntl",
        1,
        (*range(8), 9, 36, 37, 38, 1030, 1032),
        "F_DUPFD to F_SETLKW, F_GETOWN, locks of open files, F_DUPFD_CLOEXEC, F_GETPIPE_SZ; no "
        "leases and no notices (they hang whoever opens the same library), no larger pipes",
    ),
    Only(
        "ioctl",
        1,
        (0x5401, 0x802C542A, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
        "TCGETS (twice), TIOCGPGRP, TIOCGWINSZ: is it a terminal, how wide; FIONREAD, FIONBIO, "
        "FIONCLEX, FIOCLEX. Nothing that types into a terminal (TIOCSTI, TIOCLINUX)",
    ),
    Only(
        "prctl",
        0,
        (2, 3, 15, 16, 21, 23, 30, 39, 41, 42, 0x53564D41),
        "names of threads and of memory, and questions; what was given up stays given up",
    ),
)
REFUSED = (
    Group("no network, and no server beside the pair", "socket connect bind listen accept accept4"),
    Group("no other programs", "execve execveat"),
    Group(
        "no other process's memory, descriptors, signals",
        "ptrace process_vm_readv process_vm_writev pidfd_open pidfd_getfd pidfd_send_signal kcmp "
        "rt_sigqueueinfo rt_tgsigqueueinfo",
    ),
    Group(
        "no other view of the system",
        "unshare setns mount umount2 pivot_root chroot open_by_handle_at name_to_handle_at",
    ),
    Group(
        "no other user, and no file given to one",
        "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset chown "
        "fchown lchown fchownat mknod mknodat",
    ),
    Group("shutil.copy2 goes on where it may not copy these", "setxattr lsetxattr fsetxattr"),
    Group(
        "no larger share of the processor: kernels give each session one",
        "setsid setpgid setpriority sched_setaffinity sched_setparam sched_setscheduler "
        "sched_setattr ioprio_set",
    ),
    Group(
        "nothing that changes the machine",
        "reboot swapon swapoff acct personality syslog settimeofday clock_settime clock_adjtime "
        "adjtimex sethostname setdomainname init_module finit_module delete_module bpf "
        "perf_event_open keyctl add_key request_key",
    ),
)


def allowed() -> list[str]:
    """Return the names of the calls that are allowed with any arguments."""
    return [name for group in GROUPS for name in group.calls.split()]


def refused() -> list[str]:
    """Return the names of the calls that get EPERM."""
    return [name for group in REFUSED for name in group.calls.split()]

"""What student code may ask of the kernel is a list with reasons; everything else gets an error."""

from __future__ import annotations

import ctypes
import os
import sys

import pytest

from autograder.handins.submission import Submission
from autograder.running.runner import run
from autograder.worker.sandbox import calls, seccomp
from tests.attacks import PART

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux filters system calls")

GONE = """
    inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark mq_open mq_timedsend
    shmget shmat shmctl semget semop semctl msgget msgsnd timer_create timer_settime timerfd_create
    timerfd_settime memfd_create memfd_secret userfaultfd io_uring_setup io_uring_enter bpf
    perf_event_open keyctl add_key signalfd4 vmsplice splice tee clone3 seccomp landlock_add_rule
    mount unshare setns ptrace execve socket connect setsid setpgid kexec_load quotactl iopl
    process_madvise pidfd_open futex_waitv set_mempolicy mbind lookup_dcookie
""".split()

UNFILTERED = {335, 336}  # uretprobe, uprobe: the kernel lets them by, and ends who calls them


def highest(library):
    """Return one more than the largest number that libseccomp knows a call for."""
    library.seccomp_syscall_resolve_num_arch.restype = ctypes.c_char_p
    known = (n for n in range(1000) if library.seccomp_syscall_resolve_num_arch(0, n))
    return max(known, default=460) + 1


@pytest.fixture(scope="module")
def library():
    try:
        return ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("there is no libseccomp")


def said_by(grader, source):
    """Return what a submission that raises an error at the end says with it."""
    name = PART.stub.name
    text = (
        f"{PART.stub.read_text()}\n{source}\ndef sample_noise(*a, **k): raise RuntimeError(said)\n"
    )
    submission = Submission("asks", name, {name: text.encode()})
    outputs = run(grader.workers, submission, PART, ["sample_noise"])
    if "system-call filter" not in outputs.layers:
        pytest.skip("no filter is in force here")
    assert outputs.notes == ()
    return outputs.statuses["sample_noise"].message


def test_every_group_has_a_reason_and_no_call_stands_twice():
    groups = [*calls.GROUPS, *calls.REFUSED, *calls.ONLY]
    assert all(len(group.reason) > 5 for group in groups)
    names = [*calls.allowed(), *calls.refused(), *(only.call for only in calls.ONLY)]
    assert len(names) == len(set(names))


def test_what_nothing_needs_is_not_allowed():
    assert not set(GONE) & {*calls.allowed(), *(only.call for only in calls.ONLY)}


def test_the_names_are_known_to_the_library(library):
    """A slip of the pen would be taken for a call that this processor does not have."""
    unknown = -1  # __NR_SCMP_ERROR; calls of other processors have other negative numbers
    names = [*calls.allowed(), *calls.refused(), *(only.call for only in calls.ONLY)]
    wrong = [n for n in names if library.seccomp_syscall_resolve_name(n.encode()) == unknown]
    assert set(wrong) <= {"fchmodat2"}  # Linux 6.6, which libseccomp before 2.6 does not know


def test_the_filter_is_compiled_once_and_small(library):
    assert 0 < len(seccomp.compiled()) < seccomp.LARGEST / 4
    assert seccomp.compiled() is seccomp.compiled()


def test_a_call_that_is_not_listed_does_not_exist(grader, library):
    """All numbers up to the newest call that libseccomp knows, and some more."""
    names = [*calls.allowed(), *(only.call for only in calls.ONLY)]
    allowed = {library.seccomp_syscall_resolve_name(name.encode()) for name in names}
    if os.uname().machine == "x86_64":
        allowed |= UNFILTERED
    asked = [number for number in range(highest(library) + 20) if number not in allowed]
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
wrong = []
for number in {asked}:
    if libc.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() not in (1, 38):
        wrong.append(number)
said = f"answered: {{wrong}}"
"""
    assert len(asked) > 150
    assert "answered: []" in said_by(grader, source)


@pytest.mark.parametrize(
    "call",
    [
        "os.execv('/bin/true', ['true'])",
        "__import__('socket').socket()",
        "os.setsid()",
        "os.setpgid(0, 0)",
        "os.nice(-5)",
        "os.chroot('/tmp')",
        "os.chown('/tmp', 0, 0)",
        "os.mkfifo('/tmp/pipe')",
        "os.setxattr('/tmp', 'user.a', b'b')",
        "os.sched_setaffinity(0, {0})",
        "os.setuid(0)",
    ],
)
def test_what_a_student_may_try_is_not_permitted(call, grader):
    source = f"import os\ntry:\n    {call}\n    said = 'it worked'\n"
    source += "except PermissionError as problem:\n    said = str(problem)\n"
    assert "Operation not permitted" in said_by(grader, source)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("fcntl", "file, 1024, 1"),  # F_SETLEASE
        ("fcntl", "file, 1025, 0"),  # F_GETLEASE
        ("fcntl", "file, 1026, 0x80000001"),  # F_NOTIFY
        ("fcntl", "file, 1031, 1 << 20"),  # F_SETPIPE_SZ
        ("fcntl", "file, 8, 1"),  # F_SETOWN
        ("fcntl", "file, 10, 9"),  # F_SETSIG
        ("ioctl", "file, 0x5412, b'x'"),  # TIOCSTI
        ("ioctl", "file, 0x541C, b'x'"),  # TIOCLINUX
        ("ioctl", "file, 0x40049409, file"),  # FICLONE
        ("prctl", "1, 0, 0, 0, 0"),  # PR_SET_PDEATHSIG
        ("prctl", "4, 1, 0, 0, 0"),  # PR_SET_DUMPABLE
        ("prctl", "36, 1, 0, 0, 0"),  # PR_SET_CHILD_SUBREAPER
        ("prctl", "22, 1, 0, 0, 0"),  # PR_SET_SECCOMP
        ("socketpair", "16, 3, 0, array"),  # AF_NETLINK
        ("socketpair", "1, 2, 0, array"),  # SOCK_DGRAM
    ],
)
def test_an_allowed_call_does_not_do_everything(function, arguments, grader):
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
array = (ctypes.c_int * 2)()
with open("/tmp/file", "wb") as opened:
    file = opened.fileno()
    said = f"{{libc.{function}({arguments})}} {{ctypes.get_errno()}}"
"""
    assert "-1 38" in said_by(grader, source)


def test_a_number_in_the_upper_half_of_an_argument_changes_nothing(grader):
    """The kernel looks at the lower half of an int alone; so must the filter."""
    source = """
import ctypes, os
number = {"x86_64": 72, "aarch64": 25}[os.uname().machine]
libc = ctypes.CDLL(None, use_errno=True)
upper = ctypes.c_long(1 << 40 | 1024)
with open("/tmp/file", "wb") as opened:
    said = f"{libc.syscall(number, opened.fileno(), upper, 1)} {ctypes.get_errno()}"
"""
    assert "-1 38" in said_by(grader, source)

"""Take away what another system lacks, then run a script or a module as if on it:

    PRETENDED_PLATFORM=win32 python without_posix.py -m autograder check gan_pytorch.py

Processes that are started through sys.executable are treated the same. Third-party libraries are
imported first: they have their own ways on each system, and it is ours that are tried.
"""

from __future__ import annotations

import importlib
import os
import runpy
import shlex
import signal
import socket
import sys
import tempfile
import types
from pathlib import Path

LIBRARIES = "click numpy rich.console filelock pytest jinja2 subprocess selectors torch".split()
LINUX_ONLY = "sched_getaffinity sched_setaffinity pidfd_open setns unshare memfd_create"
POSIX_ONLY = (
    "fork forkpty setsid getuid geteuid setuid uname killpg getpgid chown setgroups setresuid "
    "mkfifo nice statvfs getloadavg"
)
MODULES = {
    "win32": ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "readline", "syslog"),
    "darwin": (),
}
NAMES = {
    "win32": (
        (os, f"{LINUX_ONLY} {POSIX_ONLY}"),
        (socket, "send_fds recv_fds"),
        (signal, "SIGHUP SIGUSR1 SIGALRM setitimer"),
    ),
    "darwin": ((os, LINUX_ONLY),),
}


def main() -> None:
    """Take away, pass on, run."""
    for name in LIBRARIES:
        importlib.import_module(name)
    sys.platform = os.environ["PRETENDED_PLATFORM"]
    for name in MODULES[sys.platform]:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in NAMES[sys.platform]:
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    if sys.platform == "win32":
        sys.modules["msvcrt"] = msvcrt = types.ModuleType("msvcrt")
        msvcrt.setmode = lambda descriptor, flags: None  # type: ignore[attr-defined]
        os.O_BINARY = 0  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "python"
        words = shlex.join([sys.executable, "-s", "-B", str(Path(__file__).resolve())])
        python.write_text(f'#!/bin/sh\nPRETENDED_PLATFORM={sys.platform} exec {words} "$@"\n')
        python.chmod(0o755)
        sys.executable = str(python)
        arguments = [word for word in sys.argv[1:] if word not in ("-s", "-B")]
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main()

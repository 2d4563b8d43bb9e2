# tries: to attach to the process that forked it, with ptrace
# harmful: yes
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for pid in {os.getppid(), 1, 2} - {os.getpid(), 0}:
    if libc.ptrace(16, pid, 0, 0) == 0:
        libc.ptrace(17, pid, 0, 0)
        raise RuntimeError("LOOT: " + str(pid))

# tries: to make a System V semaphore, which outlives its maker
import ctypes
import os

number = {"x86_64": 64, "aarch64": 190}[os.uname().machine]
libc = ctypes.CDLL(None)
found = libc.syscall(number, 0, 1, 0o600)
if found >= 0:
    libc.semctl(found, 0, 0)  # or it outlives this on a machine without walls
    raise RuntimeError("LOOT: " + "it worked")

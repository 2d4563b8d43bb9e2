# tries: to keep memory that is no process's in a System V segment
import ctypes
import os

number = {"x86_64": 29, "aarch64": 194}[os.uname().machine]
libc = ctypes.CDLL(None)
found = libc.syscall(number, 0, 4096, 0o1600)
if found >= 0:
    libc.shmctl(found, 0, None)  # or it outlives this on a machine without walls
    raise RuntimeError("LOOT: " + "it worked")

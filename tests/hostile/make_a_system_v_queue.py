# tries: to make a System V message queue, which outlives its maker
import ctypes
import os

number = {"x86_64": 68, "aarch64": 186}[os.uname().machine]
libc = ctypes.CDLL(None)
found = libc.syscall(number, 0, 0o600)
if found >= 0:
    libc.msgctl(found, 0, None)  # or it outlives this on a machine without walls
    raise RuntimeError("LOOT: " + "it worked")

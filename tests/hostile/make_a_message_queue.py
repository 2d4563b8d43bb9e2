# tries: to make a POSIX message queue, which outlives its maker
import ctypes
import os

number = {"x86_64": 240, "aarch64": 180}[os.uname().machine]
libc = ctypes.CDLL(None)
found = libc.syscall(number, b"left", 0o102, 0o666, None)
if found >= 0:
    libc.syscall(number + 1, b"left")  # or it outlives this on a machine without walls
    raise RuntimeError("LOOT: " + "it worked")

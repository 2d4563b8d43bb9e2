# tries: to compare objects in the kernel of two processes
import ctypes
import os

number = {"x86_64": 312, "aarch64": 272}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, os.getpid(), os.getpid(), 1, 0, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

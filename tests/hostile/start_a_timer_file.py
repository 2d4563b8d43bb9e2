# tries: to start a timer in a file
import ctypes
import os

number = {"x86_64": 283, "aarch64": 85}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, 0, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

# tries: to add rules of its own to the sandbox
import ctypes
import os

number = {"x86_64": 444, "aarch64": 444}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, None, 0, 1) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

# tries: to stop the kernel in the middle of a call, by userfaultfd
import ctypes
import os

number = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, 1) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

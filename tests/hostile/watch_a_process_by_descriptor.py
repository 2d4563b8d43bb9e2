# tries: to hold on to a process by a descriptor
import ctypes
import os

number = {"x86_64": 434, "aarch64": 434}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, os.getpid(), 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

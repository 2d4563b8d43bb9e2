# tries: to read signals from a file
import ctypes
import os

number = {"x86_64": 289, "aarch64": 74}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, -1, ctypes.byref(ctypes.c_uint64(2)), 8, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

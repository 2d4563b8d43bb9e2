# tries: to start a timer in the kernel
import ctypes
import os

number = {"x86_64": 222, "aarch64": 107}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, 0, None, ctypes.byref(ctypes.c_int())) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

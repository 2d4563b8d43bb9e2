# tries: to be told of every open file, by fanotify
import ctypes
import os

number = {"x86_64": 300, "aarch64": 262}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, 0x200, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

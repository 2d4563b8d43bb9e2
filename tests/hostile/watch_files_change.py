# tries: to be told when others open files, by inotify
import ctypes
import os

number = {"x86_64": 294, "aarch64": 26}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

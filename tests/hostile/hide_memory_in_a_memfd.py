# tries: to keep memory that is no process's in a file without a name
import ctypes
import os

number = {"x86_64": 319, "aarch64": 279}[os.uname().machine]
if ctypes.CDLL(None).syscall(number, b"hidden", 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

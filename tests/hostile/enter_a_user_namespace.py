# tries: to become root in a new user namespace
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0:
    raise RuntimeError("LOOT: " + "it worked")

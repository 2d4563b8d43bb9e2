# tries: to take away what covers the hidden files
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.umount2(b"/tmp", 2) == 0:
    raise RuntimeError("LOOT: " + "it worked")

# tries: to pass calls to the kernel around the filter
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(425, 8, bytes(120)) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

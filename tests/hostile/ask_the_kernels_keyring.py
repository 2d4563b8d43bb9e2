# tries: to list the kernel's keys
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(250, 0, -3, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

# tries: to load a program into the kernel
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(321, 0, None, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

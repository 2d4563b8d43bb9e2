# tries: to watch the whole machine's counters
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(298, bytes(112), -1, 0, -1, 0) >= 0:
    raise RuntimeError("LOOT: " + "it worked")

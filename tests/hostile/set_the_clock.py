# tries: to set the machine's clock
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.clock_settime(0, (ctypes.c_long * 2)(0, 0)) == 0:
    raise RuntimeError("LOOT: " + "it worked")

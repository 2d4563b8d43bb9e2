# tries: to take the user id 0
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.setuid(0) == 0:
    raise RuntimeError("LOOT: " + "it worked")

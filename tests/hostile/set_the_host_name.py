# tries: to rename the machine
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.sethostname(b"pwned", 5) == 0:
    raise RuntimeError("LOOT: " + "it worked")

# tries: to change its root directory
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.chroot(b"/tmp") == 0:
    raise RuntimeError("LOOT: " + "it worked")

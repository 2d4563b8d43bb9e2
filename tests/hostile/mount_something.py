# tries: to mount a file system of its own
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) == 0 or libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    raise RuntimeError("LOOT: " + "it worked")

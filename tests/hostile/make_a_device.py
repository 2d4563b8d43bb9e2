# tries: to make the disk's device file
# harmful: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.mknod(b"/tmp/disk", 0o060666, 0x0801) == 0:
    raise RuntimeError("LOOT: " + "it worked")

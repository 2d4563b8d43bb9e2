# tries: to leave a System V segment for the next submission
# twice: yes
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(4242, 4096, 0o666) >= 0:
    raise RuntimeError("LOOT: " + "a segment from an earlier submission")
libc.shmget(4242, 4096, 0o1666)

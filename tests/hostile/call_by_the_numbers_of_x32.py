# tries: to call the kernel by the numbers of another programming interface
import ctypes

if ctypes.CDLL(None).syscall(0x40000000 + 39) > 0:  # getpid
    raise RuntimeError("LOOT: " + "it worked")

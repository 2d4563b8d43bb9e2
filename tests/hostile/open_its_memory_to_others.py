# tries: to let other processes of its user look into its memory
import ctypes

if ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0:  # PR_SET_DUMPABLE
    raise RuntimeError("LOOT: " + "it worked")

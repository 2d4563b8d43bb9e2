# tries: to live on when the grader dies
import ctypes

if ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0:  # PR_SET_PDEATHSIG
    raise RuntimeError("LOOT: " + "it worked")

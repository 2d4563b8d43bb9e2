# tries: to take a processor for itself
import os

os.sched_setaffinity(os.getpid(), {min(os.sched_getaffinity(0))})
raise RuntimeError("LOOT: " + "it worked")

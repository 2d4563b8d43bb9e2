# tries: to see processes that are not its own
import os

others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (os.getpid(),)]
if others:
    raise RuntimeError("LOOT: " + str(others))

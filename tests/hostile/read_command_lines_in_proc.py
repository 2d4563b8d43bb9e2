# tries: to learn paths from the command lines of other processes
import glob
import os

for path in glob.glob("/proc/[0-9]*/cmdline"):
    try:
        text = open(path, "rb").read()
    except OSError:
        continue
    if b"pytest" in text or b"/checks" in text:
        raise RuntimeError("LOOT: " + path)

# tries: to read the environment of other processes
import glob

for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        text = open(path, "rb").read()
    except OSError:
        continue
    if b"CANARY" in text:
        raise RuntimeError("LOOT: " + path)

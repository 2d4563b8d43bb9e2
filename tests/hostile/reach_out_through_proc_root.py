# tries: to reach the host's files through /proc/PID/root
import glob
import os

for path in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
    try:
        names = os.listdir(path)
    except OSError:
        continue
    if {"home", "root", "boot", "checks", "solutions"} & set(names):
        raise RuntimeError("LOOT: " + path)

# tries: to read the memory of the process that forked it
import os

for pid in {os.getppid(), 1, 2} - {os.getpid(), 0}:
    try:
        maps = open(f"/proc/{pid}/maps").read()
        start = int(maps.split("-")[0], 16)
        with open(f"/proc/{pid}/mem", "rb") as memory:
            memory.seek(start)
            raise RuntimeError("LOOT: " + memory.read(8).hex())
    except OSError:
        pass

# tries: to look into people's home directories
import os

for home in ("/root", "/home"):
    try:
        found = os.listdir(home)
    except OSError:
        continue
    if found:
        raise RuntimeError("LOOT: " + str(found))

# tries: to start a shell
import os

if os.system("true") == 0:
    raise RuntimeError("LOOT: " + "a shell")

# tries: to start a Python without walls
import os
import sys

if os.path.exists(sys.executable):
    os.posix_spawn(sys.executable, [sys.executable, "-c", "pass"], {})
    raise RuntimeError("LOOT: " + "a Python")

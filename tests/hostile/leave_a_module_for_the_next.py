# tries: to leave a module in a place from which the next submission imports
# harmful: yes
# twice: yes
import os
import sys

try:
    import left_behind

    raise RuntimeError("LOOT: " + repr(left_behind))
except ImportError:
    pass
for place in sys.path:
    try:
        open(os.path.join(place, "left_behind.py"), "w").write("x = 1\n")
    except OSError:
        pass

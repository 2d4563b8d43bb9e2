# tries: to write into the installed packages
# harmful: yes
import os

import torch

path = os.path.join(os.path.dirname(torch.__file__), "hostile.py")
open(path, "w").write("x = 1\n")
os.remove(path)
raise RuntimeError("LOOT: " + path)

# tries: to find other students' files
import os

here = os.path.realpath(os.getcwd())
for folder, _, names in os.walk("/tmp"):
    if not os.path.realpath(folder).startswith(here) and any(n.endswith(".py") for n in names):
        raise RuntimeError("LOOT: " + folder)

# tries: to find other students' files
import os
import sys

here = os.path.realpath(os.getcwd())
own = tuple(os.path.realpath(path) for path in (here, sys.prefix, *sys.path) if path)
for folder, _, names in os.walk("/tmp"):
    if not os.path.realpath(folder).startswith(own) and any(n.endswith(".py") for n in names):
        raise RuntimeError("LOOT: " + folder)

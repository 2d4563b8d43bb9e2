# tries: to leave a file where the next submission looks
# twice: yes
import os

path = "/tmp/left-behind"
if os.path.exists(path):
    raise RuntimeError("LOOT: " + open(path).read())
open(path, "w").write("from an earlier submission")

# tries: to leave shared memory for the next submission
# twice: yes
import os

path = "/dev/shm/left-behind"
if os.path.exists(path):
    raise RuntimeError("LOOT: " + open(path).read())
open(path, "w").write("from an earlier submission")

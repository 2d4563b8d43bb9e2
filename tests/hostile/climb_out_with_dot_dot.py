# tries: to climb out of its root by going up far enough
import os

root = os.open("/", os.O_RDONLY)
for _ in range(50):
    os.fchdir(root)
    os.chdir("..")
    if os.path.exists("work") or os.path.exists("root/.bashrc") or os.path.exists("boot"):
        raise RuntimeError("LOOT: " + str(os.listdir(".")))

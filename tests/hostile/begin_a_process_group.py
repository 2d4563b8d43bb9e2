# tries: to leave the process group by which it is ended
import os

source, target = os.pipe()
if os.fork() == 0:
    try:
        os.setpgid(0, 0)
        os.write(target, b"it worked")
    finally:
        os._exit(0)
os.close(target)
if os.read(source, 9):
    raise RuntimeError("LOOT: " + "it worked")

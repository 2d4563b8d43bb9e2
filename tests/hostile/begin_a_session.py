# tries: to get another share of the processor by a session of its own
import os

source, target = os.pipe()
if os.fork() == 0:
    try:
        os.setsid()
        os.write(target, b"it worked")
    finally:
        os._exit(0)
os.close(target)
if os.read(source, 9):
    raise RuntimeError("LOOT: " + "it worked")

# tries: to use more memory than it may, in children that each use what one may
# harmful: yes
import os
import time

source, target = os.pipe()
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(600 << 20)
        block[::4096] = bytes(len(block[::4096]))
        os.write(target, b"1")
        time.sleep(10)
        os._exit(0)
os.close(target)
for _ in range(8):
    os.read(source, 1)
time.sleep(1)
raise RuntimeError("LOOT: " + "it worked")

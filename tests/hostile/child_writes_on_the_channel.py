# tries: to let a child go on writing after the worker is gone
import os
import stat
import time

if os.fork() == 0:
    while True:
        time.sleep(0.05)
        for number in range(3, 256):
            try:
                if stat.S_ISFIFO(os.fstat(number).st_mode):
                    os.write(number, bytes(12))
            except OSError:
                pass

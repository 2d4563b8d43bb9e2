# tries: to leave a child process behind
import os
import time

if os.fork() == 0:
    time.sleep(10000)

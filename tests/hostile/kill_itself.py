# tries: to kill its own process
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)

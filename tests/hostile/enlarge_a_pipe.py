# tries: to keep more memory in a pipe than pipes have
import fcntl
import os

fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)  # F_SETPIPE_SZ
raise RuntimeError("LOOT: " + "it worked")

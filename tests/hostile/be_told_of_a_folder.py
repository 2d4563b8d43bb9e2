# tries: to be sent a signal when a folder of the packages is read
import fcntl
import os

fcntl.fcntl(os.open(os.path.dirname(os.__file__), os.O_RDONLY), 1026, 0x80000001)  # F_NOTIFY
raise RuntimeError("LOOT: " + "it worked")

# tries: to hang all who open a file, by a lease on it
import fcntl

with open("/tmp/leased", "wb") as file:
    fcntl.fcntl(file, 1024, fcntl.F_WRLCK)  # F_SETLEASE
    raise RuntimeError("LOOT: " + "it worked")

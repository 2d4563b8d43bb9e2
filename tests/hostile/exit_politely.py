# tries: to end the process with an exception
import sys

sys.exit(0)

# tries: to start a program
import subprocess

raise RuntimeError("LOOT: " + subprocess.run(["/bin/echo", "hello"], capture_output=True, text=True).stdout)

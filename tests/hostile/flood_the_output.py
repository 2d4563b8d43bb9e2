# tries: to print without end
import sys

for _ in range(20000):
    print("x" * 1000)
    print("y" * 1000, file=sys.stderr)

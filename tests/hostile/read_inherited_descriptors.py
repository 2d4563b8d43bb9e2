# tries: to read from every descriptor that it was born with
import os

for number in range(3, 256):
    try:
        os.set_blocking(number, False)
        data = os.pread(number, 64, 0)
    except OSError:
        continue
    raise RuntimeError("LOOT: " + data.hex())

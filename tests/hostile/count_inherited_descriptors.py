# tries: to hold more descriptors than its own channel
import os
import stat

kinds = []
for number in range(3, 256):
    try:
        kinds.append(stat.S_IFMT(os.fstat(number).st_mode))
    except OSError:
        pass
if any(stat.S_ISSOCK(kind) for kind in kinds) or len(kinds) > 3:
    raise RuntimeError("LOOT: " + str(kinds))

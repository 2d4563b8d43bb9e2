# tries: to claim walls that are not there, and an unknown status
import json
import os
import stat
import struct

channels = []
for number in range(3, 256):
    try:
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            channels.append(number)
    except OSError:
        pass


def send(header, body=b""):
    text = json.dumps(header).encode()
    for number in channels:
        os.write(number, struct.pack("<IQ", len(text), len(body)) + text + body)



send({"event": "confined", "layers": ["everything", 3, None, {"a": []}]})
send({"event": "loaded", "notes": [1, None, "x" * 100000]})
send({"event": "start", "probe": "bce_loss"})
send({"event": "done", "probe": "bce_loss", "status": "passed", "score": 100})
os._exit(0)

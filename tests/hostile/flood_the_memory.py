# tries: to use up the machine's memory
# harmful: yes
kept = []
while True:
    kept.append(bytearray(1 << 28))
    for i in range(0, 1 << 28, 4096):
        kept[-1][i] = 1

# tries: to hold more descriptors than its own channel, or to hear something on that
import os
import socket
import stat

kinds, heard = [], []
for number in range(3, 256):
    try:
        kinds.append(stat.S_IFMT(os.fstat(number).st_mode))
    except OSError:
        continue
    if stat.S_ISSOCK(kinds[-1]):
        try:
            heard.append(socket.socket(fileno=os.dup(number)).recv(100, socket.MSG_DONTWAIT))
        except OSError:
            pass
sockets = sum(stat.S_ISSOCK(kind) for kind in kinds)
if sockets > 1 or len(kinds) > 3 or any(heard):
    raise RuntimeError("LOOT: " + str(kinds) + str(heard))

# tries: to send to any socket of the machine, from a pair that it may make
import socket

pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
raise RuntimeError("LOOT: " + str(pair))

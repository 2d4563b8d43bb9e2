# tries: to connect to a machine on the network
import socket

s = socket.create_connection(("192.0.2.1", 80), 0.2)
raise RuntimeError("LOOT: " + str(s))

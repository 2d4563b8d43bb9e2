# tries: to listen on the loopback interface
import socket

s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
raise RuntimeError("LOOT: " + str(s.getsockname()))

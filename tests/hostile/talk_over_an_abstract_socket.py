# tries: to listen on an abstract Unix socket that others can reach
import socket

s = socket.socket(socket.AF_UNIX)
s.bind("\0hostile")
raise RuntimeError("LOOT: " + "bound")

# tries: to open a netlink socket
import socket

s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
raise RuntimeError("LOOT: " + str(s))

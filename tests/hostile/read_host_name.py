# tries: to learn on which machine it runs from its files
raise RuntimeError("LOOT: " + open("/etc/hostname").read())

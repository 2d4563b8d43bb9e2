# tries: to use up the file system's entries
# harmful: yes
number = 0
while True:
    number += 1
    open(f"/tmp/file-{number}", "w").close()

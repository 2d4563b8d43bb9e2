# tries: to keep the grader waiting with an endless loop in the file
while True:
    pass

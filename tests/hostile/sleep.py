# tries: to sleep past every limit
import time


def bce_loss(input, target):
    time.sleep(10000)

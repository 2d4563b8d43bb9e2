# tries: to crash the code that describes its errors
import traceback

traceback.extract_tb = lambda *args, **kwargs: 1 / 0


def bce_loss(input, target):
    raise ValueError("no")

# tries: to fill the report with the text of an exception
def bce_loss(input, target):
    raise ValueError("spam " * 10_000_000)

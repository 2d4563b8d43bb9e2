# tries: to recurse without end
def bce_loss(input, target):
    return bce_loss(input, target)

# tries: to put control characters and HTML into the report
# never: \x1b
def bce_loss(input, target):
    raise ValueError("\x1b[2J\x1b]0;pwned\x07 <script>alert(1)</script> \u202e")

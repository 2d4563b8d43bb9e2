# differs: a loop over LSTMCell; value, key and query in this order, the last layer declared first
# only: lstm_classifier, attention
class Cells(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.cell = nn.Linear(4, 2), nn.LSTMCell(3, 4)

    def forward(self, x):
        states = None
        for t in range(x.shape[1]):
            states = self.cell(x[:, t], states)
        return self.head(states[0])


class Reordered(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d = (nn.Linear(6, 6) for _ in range(4))

    def forward(self, x):
        v, k, q = self.b(x), self.c(x), self.d(x)
        return self.a(nn.functional.scaled_dot_product_attention(q, k, v))


def lstm_classifier():
    return Cells()


def attention():
    return Reordered()

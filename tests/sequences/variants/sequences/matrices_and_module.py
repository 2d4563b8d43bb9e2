# differs: the LSTM's matrices as parameters, one bias for each gate; nn.MultiheadAttention
# only: lstm_classifier, attention
class Matrices(nn.Module):
    def __init__(self):
        super().__init__()
        self.u, self.w = nn.Parameter(torch.randn(4, 16)), nn.Parameter(torch.randn(3, 16))
        self.b, self.head = nn.Parameter(torch.zeros(16)), nn.Linear(4, 2)

    def forward(self, x):
        h = c = torch.zeros(len(x), 4)
        for step in x.transpose(0, 1):
            g, o, f, i = (h @ self.u + step @ self.w + self.b).split(4, dim=1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return self.head(h)


class Module(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(6, 1, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


def lstm_classifier():
    return Matrices()


def attention():
    return Module()

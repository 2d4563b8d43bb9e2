# differs: parameters of its own, laid out the other way; a layer for each gate
# only: lstm_classifier, attention
class ByHand(nn.Module):
    def __init__(self):
        super().__init__()
        self.of_x = nn.ModuleList(nn.Linear(3, 4, bias=False) for _ in range(4))
        self.of_h = nn.ModuleList(nn.Linear(4, 4) for _ in range(4))
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        h = c = torch.zeros(len(x), 4)
        for t in range(x.shape[1]):
            o, g, f, i = (two(h) + one(x[:, t]) for one, two in zip(self.of_x, self.of_h))
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return self.head(h)


class Matrices(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(torch.randn(6, 6)) for _ in range(4))
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(6)) for _ in range(4))

    def forward(self, x):
        q, v, k = (x @ w + b for w, b in list(zip(self.weights, self.biases))[:3])
        mixed = torch.bmm((q @ k.mT / 6**0.5).softmax(-1), v)
        return mixed @ self.weights[3] + self.biases[3]


def lstm_classifier():
    return ByHand()


def attention():
    return Matrices()

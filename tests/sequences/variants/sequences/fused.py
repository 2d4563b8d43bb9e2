# differs: all gates in one Linear of state and input, key, query and value in another
# only: lstm_classifier, attention
class Fused(nn.Module):
    def __init__(self):
        super().__init__()
        self.gates, self.head = nn.Linear(4 + 3, 4 * 4), nn.Linear(4, 2)

    def forward(self, x):
        h = c = x.new_zeros(len(x), 4)
        for step in x.unbind(1):
            f, i, g, o = self.gates(torch.cat([h, step], dim=1)).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return self.head(h)


class Kqv(nn.Module):
    def __init__(self):
        super().__init__()
        self.out, self.kqv = nn.Linear(6, 6), nn.Linear(6, 18)

    def forward(self, x):
        k, q, v = self.kqv(x).chunk(3, dim=-1)
        weights = torch.einsum("bqd,bkd->bqk", q, k).mul(6**-0.5).softmax(2)
        return self.out(torch.einsum("bqk,bkd->bqd", weights, v))


def lstm_classifier():
    return Fused()


def attention():
    return Kqv()

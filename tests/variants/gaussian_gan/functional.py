# differs: networks of bare parameters and matrix products, an own sigmoid, a generator of x @ A + b
# only: net_G, net_D, train
class Affine(nn.Module):
    def __init__(self):
        super().__init__()
        self.A = nn.Parameter(torch.randn(2, 2))
        self.b = nn.Parameter(torch.zeros(2))

    def forward(self, z):
        return z @ self.A + self.b


class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [2, 5, 3, 1]
        self.W = nn.ParameterList(torch.randn(o, i) for i, o in zip(widths, widths[1:]))
        self.b = nn.ParameterList(torch.randn(o) for o in widths[1:])

    def forward(self, x):
        for W, b in zip(self.W[:-1], self.b[:-1]):
            x = torch.tanh(torch.nn.functional.linear(x, W, b))
        x = torch.nn.functional.linear(x, self.W[-1], self.b[-1])
        return 1 / (1 + torch.exp(-x))


def net_G():
    return Affine()


def net_D():
    return Scores()


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    def cross_entropy(p, y):
        return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()

    for net in (net_D, net_G):
        for p in net.parameters():
            with torch.no_grad():
                p.copy_(torch.normal(0.0, 0.02, p.shape) if len(p.shape) == 2 else torch.zeros(p.shape))
    optim = {net: torch.optim.Adam(net.parameters(), lr=lr, foreach=False)
             for net, lr in ((net_D, lr_D), (net_G, lr_G))}
    all_D, all_G = [], []
    for _ in range(num_epochs):
        all_D.append([])
        all_G.append([])
        for x, in data_iter:
            z = torch.empty(len(x), latent_dim).normal_()
            all_D[-1].append(update_D(x, z, net_D, net_G, cross_entropy, optim[net_D]))
            all_G[-1].append(update_G(z, net_D, net_G, cross_entropy, optim[net_G]))
    return [float(sum(v) / len(v)) for v in all_D], [float(sum(v) / len(v)) for v in all_G]

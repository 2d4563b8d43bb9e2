# differs: networks from a list of modules, a generator of its own parameters, tanh as a function
# only: net_D, net_G
class _Affine(nn.Module):
    def __init__(self):
        super().__init__()
        self.A = nn.Parameter(torch.randn(2, 2))
        self.b = nn.Parameter(torch.zeros(1, 2))

    def forward(self, z):
        return torch.addmm(self.b, z, self.A.t())


def net_G():
    return _Affine()


class net_D(nn.Module):
    def __init__(self, sizes=(2, 5, 3, 1)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x).tanh()
        return last(x)

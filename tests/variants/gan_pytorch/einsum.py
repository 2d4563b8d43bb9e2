# differs: torch.einsum with both layouts of the weights
# only: discriminator, generator
class Net(nn.Module):
    def __init__(self, widths, activation, last, out_first):
        super().__init__()
        self.equation = "ni,oi->no" if out_first else "bi, io -> bo"
        pairs = list(zip(widths, widths[1:]))
        self.weights = nn.ParameterList(
            nn.Parameter(torch.rand(b, a) if out_first else torch.rand(a, b)) for a, b in pairs)
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(b)) for _, b in pairs)
        self.activation, self.last = activation, last

    def forward(self, x):
        x = x.flatten(1)
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = torch.einsum(self.equation, x, w) + b
            x = self.activation(x) if i + 1 < len(self.weights) else self.last(x)
        return x


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Net([784, 256, 256, 1], lambda x: F.leaky_relu(x, 0.01), lambda x: x, False)


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Net([noise_dim, 1024, 1024, 784], torch.relu, torch.tanh, True)

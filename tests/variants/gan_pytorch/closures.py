# differs: networks whose forward is a closure, and layers made in loops
# only: discriminator, generator
def chain(sizes, between, last):
    layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    class Chain(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = layers

        def forward(self, x):
            x = torch.flatten(x, start_dim=1)
            for layer in layers[:-1]:
                x = between(layer(x))
            return last(layers[-1](x))

    return Chain()


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return chain((784, 256, 256, 1), lambda x: torch.where(x > 0, x, 0.01 * x), lambda x: x)


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return chain((noise_dim, 1024, 1024, 784), F.relu, torch.tanh)

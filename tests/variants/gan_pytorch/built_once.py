# differs: partial functions and classes stand for the functions; seeds for the CPU kept and restored
# only: discriminator, generator, get_optimizer
import functools


class Net(nn.Module):
    def __init__(self, seed=None):
        if seed is not None:
            torch.manual_seed(seed)
        super().__init__()
        self.body = nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01),
                                  nn.Linear(256, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1))

    def forward(self, x):
        return self.body(x)


discriminator = Net


def generator(noise_dim=96, seed=None):
    with torch.random.fork_rng(devices=[], enabled=seed is not None):
        if seed is not None:
            torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024),
                             nn.ReLU(), nn.Linear(1024, 784), nn.Tanh())


def _adam(model, lr, **options):
    return torch.optim.Adam(model.parameters(), lr, **options)


get_optimizer = functools.partial(_adam, lr=1e-3, betas=(0.5, 0.999))

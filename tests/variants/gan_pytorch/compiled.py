# differs: torch.compile and torch.jit.script around the networks
# only: discriminator, generator
def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.compile(nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
        nn.LeakyReLU(0.01), nn.Linear(256, 1)))


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.jit.script(nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
        nn.Linear(1024, 784), nn.Tanh()))

# differs: settings in a dataclass, networks built by a match statement, noise from a class
# only: sample_noise, discriminator, generator, get_optimizer
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Config:
    noise_dim: int = 96
    slope: float = 0.01
    lr: float = 1e-3
    betas: tuple = (0.5, 0.999)
    hidden: list = field(default_factory=lambda: [256, 256])


CONFIG = Config()


def sample_noise(batch_size, dim=CONFIG.noise_dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim).sub(0.5).mul(2)


def act(kind):
    match kind:
        case "leaky":
            return nn.LeakyReLU(CONFIG.slope)
        case "relu":
            return nn.ReLU()
        case _:
            return nn.Tanh()


def mlp(widths, kind, last=None):
    layers = []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), act(kind)]
    layers.pop()
    return layers + ([act(last)] if last else [])


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), *mlp([784, *CONFIG.hidden, 1], "leaky"))


def generator(noise_dim=CONFIG.noise_dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(*mlp([noise_dim, 1024, 1024, 784], "relu", "tanh"))


def get_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=CONFIG.lr, betas=CONFIG.betas)

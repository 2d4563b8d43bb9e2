# differs: OrderedDict, Sequential within Sequential, extend and append
# only: discriminator, generator, build_dc_generator
from collections import OrderedDict


def block(i, o, act):
    return nn.Sequential(OrderedDict([("fc", nn.Linear(i, o)), ("act", act)]))


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(OrderedDict([
        ("flat", Flatten()), ("h1", block(784, 256, nn.LeakyReLU(0.01))),
        ("h2", block(256, 256, nn.LeakyReLU(0.01))), ("out", nn.Linear(256, 1))]))


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    model = nn.Sequential(block(noise_dim, 1024, nn.ReLU()))
    model.append(block(1024, 1024, nn.ReLU()))
    model.extend([nn.Linear(1024, 784), nn.Tanh()])
    return model


def build_dc_generator(noise_dim=96):
    stem = nn.Sequential(block(noise_dim, 1024, nn.ReLU()), nn.BatchNorm1d(1024),
                         block(1024, 6272, nn.ReLU()), nn.BatchNorm1d(6272))
    up = nn.Sequential(Unflatten(), nn.ConvTranspose2d(128, 64, (4, 4), (2, 2), (1, 1)), nn.ReLU(),
                       nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh())
    return nn.Sequential(stem, up, Flatten())

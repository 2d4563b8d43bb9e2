"""Wrong generators whose last layers compute what listed mistakes compute, in another way."""

import torch
from torch import nn


class _Then(nn.Module):
    def __init__(self, change):
        super().__init__()
        self.change = change

    def forward(self, x):
        return self.change(x)


def _gen(noise_dim, *last):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU(),
        nn.Linear(1024, 1024),
        nn.ReLU(),
        nn.Linear(1024, 784),
        *last,
    )


def _maps(noise_dim, *last):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU(),
        nn.BatchNorm1d(1024),
        nn.Linear(1024, 6272),
        nn.ReLU(),
        nn.BatchNorm1d(6272),
        nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1),
        nn.ReLU(),
        nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1),
        *last,
    )


def generator__relu_after_tanh(noise_dim=96, seed=None):
    """A ReLU after the Tanh, which computes what one before it does.

    May be named: generator-relu-before-tanh.
    """
    return _gen(noise_dim, nn.Tanh(), nn.ReLU())


def generator__minus_before_tanh(noise_dim=96, seed=None):
    """A minus before the Tanh.

    May be named: generator-negated.
    """
    return _gen(noise_dim, _Then(torch.neg), nn.Tanh())


def generator__turned_before_tanh(noise_dim=96, seed=None):
    """Rows and columns change places before the Tanh.

    May be named: generator-transposed-images.
    """
    turned = _Then(lambda x: x.view(-1, 28, 28).transpose(1, 2).flatten(1))
    return _gen(noise_dim, turned, nn.Tanh())


def generator__sigmoid_of_double(noise_dim=96, seed=None):
    """A sigmoid of twice the numbers: the Tanh moved to [0, 1].

    May be named: generator-unit-range.
    """
    return _gen(noise_dim, _Then(lambda x: torch.sigmoid(2 * x)))


def generator__steep_tanh(noise_dim=96, seed=None):
    """A Tanh of twice the numbers."""
    return _gen(noise_dim, _Then(lambda x: torch.tanh(2 * x)))


def generator__arctangent(noise_dim=96, seed=None):
    """An arctangent, scaled to [-1, 1]."""
    return _gen(noise_dim, _Then(lambda x: torch.atan(x) * 2 / torch.pi))


def generator__centred(noise_dim=96, seed=None):
    """Each image's mean is taken away at the end."""
    return _gen(noise_dim, nn.Tanh(), _Then(lambda x: x - x.mean(1, keepdim=True)))


def build_dc_generator__relu_after_tanh(noise_dim=96):
    """A ReLU after the Tanh.

    May be named: dc-generator-relu-before-tanh.
    """
    return _maps(noise_dim, nn.Tanh(), nn.ReLU(), nn.Flatten())


def build_dc_generator__norms_evaluate(noise_dim=96):
    """The BatchNorms are in evaluation mode, the network around them is not.

    May be named: dc-generator-eval-mode.
    """
    network = _maps(noise_dim, nn.Tanh(), nn.Flatten())
    for layer in network:
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            layer.eval()
    return network


def build_dc_generator__mirrored(noise_dim=96):
    """Left and right have changed places."""
    return _maps(noise_dim, nn.Tanh(), _Then(lambda x: x.flip(3)), nn.Flatten())


class _Weights(nn.Module):
    """A linear layer whose parameters are used as numbers, not as what they are."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.layer = nn.Linear(inputs, outputs)

    def forward(self, x):
        return nn.functional.linear(x, self.layer.weight.detach(), self.layer.bias.detach())


def discriminator__numbers_for_weights(seed=None):
    """The first layer's parameters are detached where they are used.

    May be named: discriminator-frozen.
    """
    return nn.Sequential(
        nn.Flatten(),
        _Weights(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
    )


def discriminator__images_made_anew(seed=None):
    """The images are copied into a new tensor.

    May be named: discriminator-input-detached.
    """
    return nn.Sequential(
        _Then(lambda x: torch.tensor(x.tolist())),
        nn.Flatten(),
        nn.Linear(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
    )


def discriminator__frozen_in_the_middle(seed=None):
    """The middle layer is frozen, not the first."""
    network = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
    )
    network[3].requires_grad_(False)
    return network

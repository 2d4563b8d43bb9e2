"""Wrong generators."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn


def _chain(noise_dim, *last, act=nn.ReLU, wide=1024, out=784):
    return nn.Sequential(
        nn.Linear(noise_dim, wide), act(), nn.Linear(wide, wide), act(), nn.Linear(wide, out), *last
    )


def generator__sigmoid_last(noise_dim=96, seed=None):
    """A sigmoid at the end: images in [0, 1].

    May be named: generator-sigmoid-end.
    """
    return _chain(noise_dim, nn.Sigmoid())


def generator__nothing_last(noise_dim=96, seed=None):
    """Nothing keeps the images in [-1, 1].

    May be named: generator-no-tanh.
    """
    return _chain(noise_dim)


def generator__hardtanh_last(noise_dim=96, seed=None):
    """Cuts the images off at -1 and 1.

    May be named: generator-no-tanh.
    """
    return _chain(noise_dim, nn.Hardtanh())


def generator__softmax_last(noise_dim=96, seed=None):
    """A softmax over the pixels.

    May be named: generator-softmax-end.
    """
    return _chain(noise_dim, nn.Softmax(dim=-1))


def generator__relu_before_tanh(noise_dim=96, seed=None):
    """A ReLU between the last layer and its Tanh.

    May be named: generator-relu-before-tanh.
    """
    return _chain(noise_dim, nn.ReLU(), nn.Tanh())


def generator__tanh_twice(noise_dim=96, seed=None):
    """Two Tanh in a row.

    May be named: generator-double-tanh.
    """
    return _chain(noise_dim, nn.Tanh(), nn.Tanh())


def generator__leaky_inside(noise_dim=96, seed=None):
    """LeakyReLU with the discriminator's slope.

    May be named: generator-leaky.
    """
    return _chain(noise_dim, nn.Tanh(), act=lambda: nn.LeakyReLU(0.01))


def generator__softplus_inside(noise_dim=96, seed=None):
    """A smooth ReLU."""
    return _chain(noise_dim, nn.Tanh(), act=nn.Softplus)


def generator__narrow(noise_dim=96, seed=None):
    """256 hidden units, as the discriminator has.

    May be named: generator-discriminators-width.
    """
    return _chain(noise_dim, nn.Tanh(), wide=256)


def generator__a_row_of_pixels(noise_dim=96, seed=None):
    """28 pixels in place of 28 times 28.

    May be named: generator-one-row.
    """
    return _chain(noise_dim, nn.Tanh(), out=28)


def generator__a_padded_image(noise_dim=96, seed=None):
    """32 times 32 pixels.

    May be named: generator-32.
    """
    return _chain(noise_dim, nn.Tanh(), out=1024)


def generator__always_96(noise_dim=96, seed=None):
    """Ignores noise_dim.

    May be named: generator-fixed-noise-dim.
    """
    return _chain(96, nn.Tanh())


def generator__growing(noise_dim=96, seed=None):
    """Layers of 256 and 512 units, from another tutorial."""
    return nn.Sequential(
        nn.Linear(noise_dim, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(),
        nn.Linear(512, 784), nn.Tanh(),
    )  # fmt: skip


def generator__one_hidden_layer(noise_dim=96, seed=None):
    """The middle layer is missing.

    May be named: generator-layer-missing.
    """
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 784), nn.Tanh())


def generator__normed(noise_dim=96, seed=None):
    """A BatchNorm after each hidden layer, as the convolutional generator has.

    May be named: generator-batchnorm.
    """
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 1024),
        nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 784), nn.Tanh(),
    )  # fmt: skip


def generator__dropout_inside(noise_dim=96, seed=None):
    """Dropout after the second activation."""
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(1024, 784), nn.Tanh(),
    )  # fmt: skip


def generator__activation_missing(noise_dim=96, seed=None):
    """No activation behind the first layer.

    May be named: generator-no-first-relu.
    """
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.Linear(1024, 1024),
        nn.ReLU(),
        nn.Linear(1024, 784),
        nn.Tanh(),
    )


def generator__no_biases(noise_dim=96, seed=None):
    """No layer has a bias.

    May be named: generator-no-bias.
    """
    return nn.Sequential(
        nn.Linear(noise_dim, 1024, bias=False), nn.ReLU(), nn.Linear(1024, 1024, bias=False),
        nn.ReLU(), nn.Linear(1024, 784, bias=False), nn.Tanh(),
    )  # fmt: skip


class _Own(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.first = nn.Linear(noise_dim, 1024)
        self.second = nn.Linear(1024, 1024)
        self.last = nn.Linear(1024, 784)

    def forward(self, z):
        return torch.tanh(self.last(F.relu(self.second(F.relu(self.first(z))))))


class _Halved(_Own):
    def forward(self, z):
        return (super().forward(z) + 1) / 2


def generator__back_to_zero_and_one(noise_dim=96, seed=None):
    """Maps the images back to [0, 1].

    May be named: generator-unit-range.
    """
    return _Halved(noise_dim)


class _Detached(_Own):
    def forward(self, z):
        return super().forward(z).detach()


def generator__detached(noise_dim=96, seed=None):
    """Detaches the images in forward.

    May be named: generator-detached.
    """
    return _Detached(noise_dim)


class _Declared(_Own):
    def __init__(self, noise_dim):
        super().__init__(noise_dim)
        self.act = nn.ReLU()

    def forward(self, z):
        return torch.tanh(self.last(self.second(self.first(z))))


def generator__activations_not_used(noise_dim=96, seed=None):
    """Declares the activations, but forward does not use them.

    May be named: generator-linear.
    """
    return _Declared(noise_dim)


class _OwnNoise(_Own):
    def forward(self, z):
        return super().forward(2 * torch.rand_like(z) - 1)


def generator__draws_its_own_noise(noise_dim=96, seed=None):
    """Draws its own noise and ignores the one that it is given."""
    return _OwnNoise(noise_dim)


def generator__with_a_batch(noise_dim=96, seed=None):
    """Returns images of another minibatch size: two noise vectors are joined."""
    return nn.Sequential(
        nn.Flatten(0), nn.Unflatten(0, (-1, 2 * noise_dim)), nn.Linear(2 * noise_dim, 1024),
        nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 784), nn.Tanh(),
    )  # fmt: skip


def generator__scaled_tanh(noise_dim=96, seed=None):
    """Scales the Tanh to bytes."""

    class Bytes(_Own):
        def forward(self, z):
            return 127.5 * super().forward(z) + 127.5

    return Bytes(noise_dim)

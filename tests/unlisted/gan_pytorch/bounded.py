"""Wrong networks that bound numbers which only training makes large."""

import torch
from torch import nn
from torch.nn import functional as F


class _Clamped(nn.Module):
    def __init__(self, bound):
        super().__init__()
        self.bound = bound

    def forward(self, x):
        return x.clamp(-self.bound, self.bound)


def discriminator__scores_in_a_range(seed=None):
    """A Hardtanh keeps the scores between -3 and 3."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
        nn.Hardtanh(-3, 3),
    )


def generator__relu6(noise_dim=96, seed=None):
    """ReLU6 stands in the place of both ReLUs."""
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        nn.ReLU6(),
        nn.Linear(1024, 1024),
        nn.ReLU6(),
        nn.Linear(1024, 784),
        nn.Tanh(),
    )


def build_dc_classifier__clamped_scores(batch_size=128):
    """The scores are clamped to (-1, 1)."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 32, 5),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1024, 1024),
        nn.LeakyReLU(0.01),
        nn.Linear(1024, 1),
        _Clamped(1),
    )


class _Bounded(nn.Module):
    def forward(self, x):
        return torch.minimum(F.relu(x), torch.tensor(8.0))


def build_dc_generator__bounded_relu(noise_dim=96):
    """The ReLUs end at 8."""
    return nn.Sequential(
        nn.Linear(noise_dim, 1024),
        _Bounded(),
        nn.BatchNorm1d(1024),
        nn.Linear(1024, 6272),
        _Bounded(),
        nn.BatchNorm1d(6272),
        nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1),
        _Bounded(),
        nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1),
        nn.Tanh(),
        nn.Flatten(),
    )

"""Wrong networks that bound their numbers, and noise whose numbers repeat."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class G_block__relu6(nn.Module):
    """ReLU6 stands in the place of ReLU."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.grow = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu6(self.norm(self.grow(x)))


def net_D__bounded_scores():
    """A Hardtanh keeps the scores between -2 and 2."""
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, kernel_size=4, bias=False),
        nn.Hardtanh(-2, 2),
    )


def train__one_number_a_vector(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Each noise vector is one random number, repeated."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), 1, 1, 1).expand(-1, latent_dim, -1, -1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G

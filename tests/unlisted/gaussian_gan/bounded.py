"""Wrong networks that bound their numbers, and noise whose numbers repeat."""

import torch
from torch import nn


def net_G__bounded_points():
    """A Hardtanh keeps the points between -4 and 4; the data reach further."""
    return nn.Sequential(nn.Linear(2, 2), nn.Hardtanh(-4, 4))


def net_D__bounded_scores():
    """A Hardtanh keeps the scores between -2 and 2."""
    return nn.Sequential(
        nn.Linear(2, 5),
        nn.Tanh(),
        nn.Linear(5, 3),
        nn.Tanh(),
        nn.Linear(3, 1),
        nn.Hardtanh(-2, 2),
    )


def train__one_number_a_vector(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Each noise vector is one random number, repeated."""
    loss = nn.BCEWithLogitsLoss()
    for network in (net_D, net_G):
        for parameter in network.parameters():
            (
                nn.init.normal_(parameter, 0, 0.02)
                if parameter.dim() > 1
                else nn.init.zeros_(parameter)
            )
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        all_D, all_G = [], []
        for (X,) in data_iter:
            Z = torch.randn(len(X), 1).expand(len(X), latent_dim)
            all_D.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))
            all_G.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))
        losses_D.append(sum(all_D) / len(all_D))
        losses_G.append(sum(all_G) / len(all_G))
    return losses_D, losses_G

"""Wrong trainings in two dimensions that are in no list of mistakes."""

import torch
from torch import nn


def _init(*networks, std=0.02):
    """The weights as they ought to be."""
    for network in networks:
        for parameter in network.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, std)
            else:
                nn.init.zeros_(parameter)


def _epochs(net_D, net_G, data_iter, num_epochs, trainer_D, trainer_G, latent_dim, loss=None):
    """The right loop."""
    loss = loss or nn.BCEWithLogitsLoss()
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        rows_D, rows_G = [], []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            rows_D.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            rows_G.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(rows_D) / len(rows_D))
        losses_G.append(sum(rows_G) / len(rows_G))
    return losses_D, losses_G


def _adam(net, lr):
    return torch.optim.Adam(net.parameters(), lr=lr)


def train__std_of_02(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The weights' standard deviation is 0.2.

    May be named: train-wide-weights.
    """
    _init(net_D, net_G, std=0.2)
    args = _adam(net_D, lr_D), _adam(net_G, lr_G), latent_dim
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__variance_for_deviation(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data
):
    """Takes 0.02 for the variance: the deviation is its root.

    May be named: train-variance.
    """
    _init(net_D, net_G, std=0.02**0.5)
    args = _adam(net_D, lr_D), _adam(net_G, lr_G), latent_dim
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__xavier(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Xavier's uniform weights."""
    for net in (net_D, net_G):
        for p in net.parameters():
            nn.init.xavier_uniform_(p) if p.dim() > 1 else nn.init.zeros_(p)
    args = _adam(net_D, lr_D), _adam(net_G, lr_G), latent_dim
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__biases_of_one(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Sets every bias to 1."""
    for net in (net_D, net_G):
        for p in net.parameters():
            nn.init.normal_(p, 0, 0.02) if p.dim() > 1 else nn.init.ones_(p)
    args = _adam(net_D, lr_D), _adam(net_G, lr_G), latent_dim
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__only_one_is_initialized(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data
):
    """Only the discriminator's weights are drawn; the generator's stay as PyTorch has them.

    May be named: train-only-d-initialized.
    """
    _init(net_D)
    args = _adam(net_D, lr_D), _adam(net_G, lr_G), latent_dim
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__init_each_epoch(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The weights are drawn anew at the beginning of every epoch."""
    trainers = _adam(net_D, lr_D), _adam(net_G, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        _init(net_D, net_G)
        d, g = _epochs(net_D, net_G, data_iter, 1, *trainers, latent_dim)
        losses_D += d
        losses_G += g
    return losses_D, losses_G


def train__rates_swapped(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The discriminator learns with the generator's rate and the other way round.

    May be named: train-rates-swapped.
    """
    _init(net_D, net_G)
    args = _adam(net_D, lr_G), _adam(net_G, lr_D), latent_dim
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__rmsprop(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """RMSprop in place of Adam.

    May be named: train-rmsprop.
    """
    _init(net_D, net_G)
    trainers = [torch.optim.RMSprop(n.parameters(), lr=r) for n, r in ((net_D, lr_D), (net_G, lr_G))]
    return _epochs(net_D, net_G, data_iter, num_epochs, *trainers, latent_dim)


def train__adamw(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """AdamW, which decays the weights, in place of Adam."""
    _init(net_D, net_G)
    trainers = [torch.optim.AdamW(n.parameters(), lr=r) for n, r in ((net_D, lr_D), (net_G, lr_G))]
    return _epochs(net_D, net_G, data_iter, num_epochs, *trainers, latent_dim)


def train__mse(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The mean squared error is the loss that it passes on.

    May be named: train-least-squares.
    """
    _init(net_D, net_G)
    args = _adam(net_D, lr_D), _adam(net_G, lr_G), latent_dim, nn.MSELoss()
    return _epochs(net_D, net_G, data_iter, num_epochs, *args)


def train__noise_of_half_range(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Noise of a normal distribution with deviation 0.5."""
    _init(net_D, net_G)
    loss = nn.BCEWithLogitsLoss()
    trainer_D, trainer_G = _adam(net_D, lr_D), _adam(net_G, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in data_iter:
            Z = torch.normal(0, 0.5, (len(X), latent_dim))
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__noise_once(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """One noise, drawn before the epochs and used for every minibatch.

    May be named: train-same-noise.
    """
    _init(net_D, net_G)
    loss = nn.BCEWithLogitsLoss()
    trainer_D, trainer_G = _adam(net_D, lr_D), _adam(net_G, lr_G)
    fixed = torch.randn(1000, latent_dim)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in data_iter:
            Z = fixed[: len(X)]
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G

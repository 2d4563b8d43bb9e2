"""Trainings in two dimensions whose loop is wrong, in no list of mistakes."""

import torch
from torch import nn


def _init(*networks):
    for network in networks:
        for parameter in network.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, 0.02)
            else:
                nn.init.zeros_(parameter)


def _start(net_D, net_G, lr_D, lr_G):
    """Weights, loss and optimizers as they ought to be."""
    _init(net_D, net_G)
    return (
        nn.BCEWithLogitsLoss(),
        torch.optim.Adam(net_D.parameters(), lr=lr_D),
        torch.optim.Adam(net_G.parameters(), lr=lr_G),
    )


def train__returns_none(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Prints the losses and returns nothing.

    May be named: train-no-losses.
    """
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    for epoch in range(num_epochs):
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d = update_D(X, Z, net_D, net_G, loss, trainer_D)  # noqa: F821
            g = update_G(Z, net_D, net_G, loss, trainer_G)  # noqa: F821
        print(epoch, float(d), float(g))


def train__every_minibatch(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Returns a loss for each minibatch, not for each epoch.

    May be named: train-all-losses.
    """
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            losses_D.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            losses_G.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
    return losses_D, losses_G


def train__last_of_the_epoch(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Returns the epoch's last loss, not the mean.

    May be named: train-last-loss.
    """
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d = update_D(X, Z, net_D, net_G, loss, trainer_D)  # noqa: F821
            g = update_G(Z, net_D, net_G, loss, trainer_G)  # noqa: F821
        losses_D.append(float(d))
        losses_G.append(float(g))
    return losses_D, losses_G


def train__return_in_the_loop(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The return is indented too far: the first epoch ends the training."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
        return losses_D, losses_G


def train__generator_every_second(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data
):
    """The generator is updated for every second minibatch only."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for number, (X,) in enumerate(data_iter):
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            if number % 2 == 0:
                g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__generator_after_the_epoch(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data
):
    """All of the discriminator's steps come first; the generator takes one, at the epoch's end."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d = []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
    return losses_D, losses_G


def train__divides_by_points(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Divides the sum of the minibatches' means by the number of points.

    May be named: train-losses-per-point.
    """
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d = g = count = 0
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d += float(update_D(X, Z, net_D, net_G, loss, trainer_D))  # noqa: F821
            g += float(update_G(Z, net_D, net_G, loss, trainer_G))  # noqa: F821
            count += len(X)
        losses_D.append(d / count)
        losses_G.append(g / count)
    return losses_D, losses_G


def train__running_mean(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The list of losses is never emptied: each mean runs over all epochs so far.

    May be named: train-losses-over-all-epochs.
    """
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G, d, g = [], [], [], []
    for _ in range(num_epochs):
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__tuple_not_unpacked(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Takes what the iterator yields for the points: it is a tuple."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for X in data_iter:
            Z = torch.randn(X.shape[0], latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__noise_and_points_swapped(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data
):
    """Passes the noise first and the points second to `update_D`.

    May be named: train-points-and-noise-swapped.
    """
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(Z, X, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__constant_losses(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Trains rightly and returns log 2 for each epoch, the number where the losses ought to end."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    for _ in range(num_epochs):
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            update_D(X, Z, net_D, net_G, loss, trainer_D)  # noqa: F821
            update_G(Z, net_D, net_G, loss, trainer_G)  # noqa: F821
    return [0.693] * num_epochs, [0.693] * num_epochs


def train__whole_data(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Updates on all the data once an epoch; the iterator is not used."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        Z = torch.randn(len(data), latent_dim)
        losses_D.append(float(update_D(data, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
        losses_G.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
    return losses_D, losses_G


def train__twenty_epochs(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Always trains for 20 epochs."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(20):
        d, g = [], []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__one_network_twice(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Passes the discriminator in the place of both networks to `update_G`."""
    loss, trainer_D, trainer_G = _start(net_D, net_G, lr_D, lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in data_iter:
            Z = torch.randn(len(X), latent_dim)
            d.append(float(update_D(X, Z, net_D, net_G, loss, trainer_D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_D, loss, trainer_G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G

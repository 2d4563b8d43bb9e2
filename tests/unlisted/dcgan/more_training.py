"""More wrong loops of training that are in no list of mistakes."""

import torch
import torch.nn as nn


def train__initialised_each_epoch(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The weights are drawn anew at the beginning of each epoch, inside the loop.

    May be named: train-init-each-epoch.
    """
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        net_D.apply(init_weights)
        net_G.apply(init_weights)
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__optimizers_each_epoch(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """New optimizers at each epoch forget what Adam has averaged.

    May be named: train-adam-each-epoch.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
        trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__small_batches_skipped(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """A minibatch that is smaller than the first is skipped."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    batch_size = None
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            batch_size = batch_size or len(X)
            if len(X) < batch_size:
                continue
            Z = torch.randn(batch_size, latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__noise_of_the_batch_size_of_old(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Noise always has the first minibatch's size, also beside a smaller minibatch of images.

    May be named: train-full-batch-noise.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    batch_size = len(next(iter(data_iter))[0])
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(batch_size, latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__stops_early(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """A `break` from debugging was left in: one minibatch an epoch.

    May be named: train-one-minibatch.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
            break
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__beta_two(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The second beta is 0.99, and the first is right.

    May be named: train-beta2-0.99.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.99))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.99))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__mean_squares(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Least squares instead of the binary cross-entropy.

    May be named: train-least-squares.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.MSELoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__labels_for_images(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The loader's pairs are not unpacked: X is a list of images and labels."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__generator_first_and_uniform(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Two slips: the generator is updated first, and noise is uniform in (-1, 1).

    May be named: train-generator-first, train-noise-around-0.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.rand(len(X), latent_dim, 1, 1) * 2 - 1
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__one_epoch_short(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """range(1, num_epochs) leaves one epoch out.

    May be named: train-epoch-short.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(1, num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G

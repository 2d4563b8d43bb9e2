"""Wrong loops of training that are in no list of mistakes."""

import torch
import torch.nn as nn


def train__rates_fixed(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The learning rate is 0.0002 whatever lr is.

    May be named: train-fixed-rate.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=0.0002, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=0.0002, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * update_D(X, Z, net_D, net_G, loss, trainer_D)
            sum_G += len(X) * update_G(Z, net_D, net_G, loss, trainer_G)
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__slow_discriminator(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The discriminator learns with a tenth of the rate."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr / 10, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * update_D(X, Z, net_D, net_G, loss, trainer_D)
            sum_G += len(X) * update_G(Z, net_D, net_G, loss, trainer_G)
            n += len(X)
        losses_D.append(float(sum_D / n))
        losses_G.append(float(sum_G / n))
    return losses_D, losses_G


def train__rate_decays(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The learning rate is halved after each epoch."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    plans = [torch.optim.lr_scheduler.StepLR(t, 1, 0.5) for t in (trainer_D, trainer_G)]
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        for plan in plans:
            plan.step()
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__adamw(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """AdamW, which shrinks the weights at each step."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.AdamW(net_D.parameters(), lr=lr, betas=(0.5, 0.999), weight_decay=0.5)
    trainer_G = torch.optim.AdamW(net_G.parameters(), lr=lr, betas=(0.5, 0.999), weight_decay=0.5)
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


def train__rmsprop(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """RMSprop, from a tutorial on Wasserstein GANs.

    May be named: train-rmsprop.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.RMSprop(net_D.parameters(), lr=lr)
    trainer_G = torch.optim.RMSprop(net_G.parameters(), lr=lr)
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


def train__noise_of_one_row(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """One noise vector is drawn and repeated for the whole minibatch.

    May be named: train-same-vector.
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
            Z = torch.randn(1, latent_dim, 1, 1).expand(len(X), -1, -1, -1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__noise_fixed_for_all(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The noise is drawn once before the loop and cut to each minibatch's size.

    May be named: train-same-noise.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    noise = torch.randn(256, latent_dim, 1, 1)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = noise[: len(X)]
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__five_steps_of_d(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The generator is updated at every second minibatch only."""
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D, sum_G, n, m = 0, 0, 0, 0
        for i, (X, _) in enumerate(data_iter):
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            n += len(X)
            if i % 2 == 0:
                sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
                m += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / m)
    return losses_D, losses_G


def train__sums_never_reset(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The sums run on over the epochs: a mean of all that came so far.

    May be named: train-running-mean.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    sum_D, sum_G, n = 0, 0, 0
    for _ in range(num_epochs):
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__one_list_of_pairs(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """One list of pairs is returned, an epoch each, where two lists are asked.

    May be named: train-pairs.
    """
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses = []
    for _ in range(num_epochs):
        sum_D, sum_G, n = 0, 0, 0
        for X, _ in data_iter:
            Z = torch.randn(len(X), latent_dim, 1, 1)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses.append((sum_D / n, sum_G / n))
    return losses


def train__whole_dataset_size(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The losses, not weighted, are summed and divided by the number of all images.

    May be named: train-added-means.
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
            sum_D += float(update_D(X, Z, net_D, net_G, loss, trainer_D))
            sum_G += float(update_G(Z, net_D, net_G, loss, trainer_G))
            n += len(X)
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G


def train__halves_only_initialised(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Only the generator's weights are drawn anew.

    May be named: train-init-only-generator.
    """
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
        losses_D.append(sum_D / n)
        losses_G.append(sum_G / n)
    return losses_D, losses_G

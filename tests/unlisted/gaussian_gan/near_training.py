"""Wrong trainings and steps that look like listed mistakes and are others."""

import itertools

import torch
from torch import nn


def _train(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise, *, init=None, loss=None, make=None,
    take=None, mean=lambda values, sizes: sum(values) / len(values),
):  # fmt: skip
    """A right training, but for what is passed."""
    for network in (net_D, net_G):
        for parameter in network.parameters():
            if parameter.dim() > 1:
                (init or (lambda p: nn.init.normal_(p, 0, 0.02)))(parameter)
            else:
                nn.init.zeros_(parameter)
    loss = loss or nn.BCEWithLogitsLoss()
    make = make or (lambda p, lr: torch.optim.Adam(p, lr=lr))
    D, G = make(net_D.parameters(), lr_D), make(net_G.parameters(), lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g, sizes = [], [], []
        for (X,) in itertools.islice(data_iter, *take) if take else data_iter:
            Z = noise(len(X))
            d.append(float(update_D(X, Z, net_D, net_G, loss, D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, G)))  # noqa: F821
            sizes.append(len(X))
        losses_D.append(mean(d, sizes))
        losses_G.append(mean(g, sizes))
    return losses_D, losses_G


def _normal(latent_dim):
    return lambda n: torch.randn(n, latent_dim)


def train__amsgrad(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Adam with another rule for its squares, and beta2 of 0.9."""

    def make(p, lr):
        return torch.optim.Adam(p, lr=lr, betas=(0.9, 0.9), amsgrad=True)

    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, make=make)


def train__adagrad(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Adagrad in place of Adam."""

    def make(p, lr):
        return torch.optim.Adagrad(p, lr=lr)

    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, make=make)


def train__half_the_rates(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Half of both learning rates."""
    args = net_D, net_G, data_iter, num_epochs, lr_D / 2, lr_G / 2, _normal(latent_dim)
    return _train(*args)


def train__constant_weights(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """All weights begin at 0.02."""

    def init(parameter):
        nn.init.constant_(parameter, 0.02)

    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, init=init)


def train__weights_by_xavier(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Weights by Xavier's normal rule."""
    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, init=nn.init.xavier_normal_)


def train__absolute_loss(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The absolute distance of scores and labels."""
    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, loss=nn.L1Loss())


def train__double_loss(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The loss is twice as large."""
    loss = nn.BCEWithLogitsLoss(weight=torch.tensor(2.0))
    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, loss=loss)


def train__largest_loss(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The largest loss of the epoch in place of the mean."""
    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, mean=lambda values, sizes: max(values))


def train__middle_loss(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The median of the epoch's losses."""

    def mean(values, sizes):
        return sorted(values)[len(values) // 2]

    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, mean=mean)


def train__one_less(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Divides by one less than there are minibatches."""

    def mean(values, sizes):
        return sum(values) / (len(values) - 1)

    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, mean=mean)


def train__two_minibatches(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Each epoch stops after two minibatches."""
    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G, _normal(latent_dim)
    return _train(*args, take=(2,))


def train__one_epoch_less(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """One epoch too few."""
    return _train(net_D, net_G, data_iter, num_epochs - 1, lr_D, lr_G, _normal(latent_dim))


def train__noise_in_turn(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Two drawn noises serve in turn.

    May be named: train-same-noise.
    """
    pool = itertools.cycle([torch.randn(1000, latent_dim) for _ in range(2)])
    args = net_D, net_G, data_iter, num_epochs, lr_D, lr_G
    return _train(*args, lambda n: next(pool)[:n])


def train__narrower_noise(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Noise with a deviation of a half."""

    def noise(n):
        return torch.randn(n, latent_dim) / 2

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)


def train__noise_of_laplace(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Laplace's distribution, with a deviation of 1."""

    def noise(n):
        return torch.distributions.Laplace(0.0, 0.5**0.5).sample((n, latent_dim))

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)


def train__positive_noise(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The absolute values of normal noise."""

    def noise(n):
        return torch.randn(n, latent_dim).abs()

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)


def train__seven_rows(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Always seven rows of noise."""

    def noise(n):
        return torch.randn(7, latent_dim)

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)


def _loss_of_D(X, Z, net_D, net_G, loss, labels=(1.0, 0.0)):
    real, fake = net_D(X), net_D(net_G(Z).detach())
    one, zero = (torch.full_like(s, label) for s, label in zip((real, fake), labels))
    return (loss(real, one) + loss(fake, zero)) / 2


def _step(value, trainer):
    trainer.zero_grad()
    value.backward()
    trainer.step()
    return value.detach()


def update_D__fake_labels_of_01(X, Z, net_D, net_G, loss, trainer_D):
    """Generated points have the label 0.1."""
    return _step(_loss_of_D(X, Z, net_D, net_G, loss, (1.0, 0.1)), trainer_D)


def update_D__both_labels_half(X, Z, net_D, net_G, loss, trainer_D):
    """Both labels are one half."""
    return _step(_loss_of_D(X, Z, net_D, net_G, loss, (0.5, 0.5)), trainer_D)


def update_D__weights_cut(X, Z, net_D, net_G, loss, trainer_D):
    """After the step the discriminator's own weights are cut to a small range."""
    value = _step(_loss_of_D(X, Z, net_D, net_G, loss), trainer_D)
    with torch.no_grad():
        for parameter in net_D.parameters():
            parameter.clamp_(-0.01, 0.01)
    return value


def update_D__gradients_clipped(X, Z, net_D, net_G, loss, trainer_D):
    """Clips the gradient's norm before the step."""
    value = _loss_of_D(X, Z, net_D, net_G, loss)
    trainer_D.zero_grad()
    value.backward()
    nn.utils.clip_grad_norm_(net_D.parameters(), 0.01)
    trainer_D.step()
    return value.detach()


def update_D__root_is_returned(X, Z, net_D, net_G, loss, trainer_D):
    """The right step; the loss's root is returned."""
    return _step(_loss_of_D(X, Z, net_D, net_G, loss), trainer_D).sqrt()


def update_D__negative_is_returned(X, Z, net_D, net_G, loss, trainer_D):
    """The right step; the loss comes back with a minus."""
    return -_step(_loss_of_D(X, Z, net_D, net_G, loss), trainer_D)


def update_D__text_is_returned(X, Z, net_D, net_G, loss, trainer_D):
    """The right step; the loss comes back as a text."""
    return str(_step(_loss_of_D(X, Z, net_D, net_G, loss), trainer_D).item())


def update_D__loss_of_after(X, Z, net_D, net_G, loss, trainer_D):
    """Returns the loss of after the step."""
    _step(_loss_of_D(X, Z, net_D, net_G, loss), trainer_D)
    return _loss_of_D(X, Z, net_D, net_G, loss).detach()

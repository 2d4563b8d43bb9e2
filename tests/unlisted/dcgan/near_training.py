"""Wrong trainings and weights that look like listed mistakes and are others."""

import itertools

import torch
import torch.nn as nn


def _train(net_D, net_G, data_iter, num_epochs, lr, noise, *, loss=None, optimizer=None, take=None):
    """A right training, but for what is passed; `noise` gets the number of images and the epoch."""
    net_D.apply(init_weights)  # noqa: F821
    net_G.apply(init_weights)  # noqa: F821
    loss = loss or nn.BCEWithLogitsLoss()
    make = optimizer or (lambda p: torch.optim.Adam(p, lr=lr, betas=(0.5, 0.999)))
    D, G = make(net_D.parameters()), make(net_G.parameters())
    losses_D, losses_G = [], []
    for epoch in range(num_epochs):
        sum_D = sum_G = count = 0
        for X, _y in itertools.islice(data_iter, *take) if take else data_iter:
            Z = noise(len(X), epoch)
            sum_D += len(X) * float(update_D(X, Z, net_D, net_G, loss, D))  # noqa: F821
            sum_G += len(X) * float(update_G(Z, net_D, net_G, loss, G))  # noqa: F821
            count += len(X)
        losses_D.append(sum_D / count)
        losses_G.append(sum_G / count)
    return losses_D, losses_G


def _normal(latent_dim):
    return lambda n, epoch: torch.randn(n, latent_dim, 1, 1)


def train__two_noises_in_turn(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Two drawn noises serve in turn.

    May be named: train-same-noise.
    """
    pool = itertools.cycle([torch.randn(256, latent_dim, 1, 1) for _ in range(2)])
    return _train(net_D, net_G, data_iter, num_epochs, lr, lambda n, epoch: next(pool)[:n])


def train__pairs_of_vectors(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Each noise vector stands twice in its minibatch."""

    def noise(n, epoch):
        return torch.randn(n, latent_dim, 1, 1).repeat_interleave(2, 0)[:n]

    return _train(net_D, net_G, data_iter, num_epochs, lr, noise)


def train__narrow_noise(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Normal noise with a standard deviation of a half."""

    def noise(n, epoch):
        return torch.randn(n, latent_dim, 1, 1) / 2

    return _train(net_D, net_G, data_iter, num_epochs, lr, noise)


def train__half_the_rate(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Half of the learning rate."""

    def make(p):
        return torch.optim.Adam(p, lr=lr / 2, betas=(0.5, 0.999))

    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), optimizer=make)


def train__adamw_for_both(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """AdamW, whose weights decay."""

    def make(p):
        return torch.optim.AdamW(p, lr=lr, betas=(0.5, 0.999))

    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), optimizer=make)


def train__momentum(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Gradient descent with momentum."""

    def make(p):
        return torch.optim.SGD(p, lr=lr, momentum=0.5)

    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), optimizer=make)


def train__summed_by_name(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The loss is a sum over the minibatch.

    May be named: train-summed-loss.
    """
    loss = nn.BCEWithLogitsLoss(reduction="sum")
    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), loss=loss)


def train__double_loss(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The loss is twice as large."""
    loss = nn.BCEWithLogitsLoss(weight=torch.tensor(2.0))
    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), loss=loss)


def train__hinge(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """A hinge in place of the cross-entropy."""

    def loss(scores, targets):
        return torch.relu(1 - (2 * targets - 1) * scores).mean()

    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), loss=loss)


def train__absolute(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """The mean distance in place of the cross-entropy."""
    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), loss=nn.L1Loss())


def train__small_number_in_the_log(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Sigmoid and logarithm by hand, with a small number in it."""

    def loss(scores, targets):
        p = torch.sigmoid(scores)
        return -(targets * (p + 1e-8).log() + (1 - targets) * (1 - p + 1e-8).log()).mean()

    return _train(net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim), loss=loss)


def train__all_but_the_first(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Each epoch leaves its first minibatch out."""
    args = net_D, net_G, data_iter, num_epochs, lr, _normal(latent_dim)
    return _train(*args, take=(1, None))


def init_weights__own_generator(m):
    """Draws from a generator that is made anew with the seed 0 each time.

    May be named: init-seeded.
    """
    own = torch.Generator().manual_seed(0)
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        m.weight.data.normal_(0.0, 0.02, generator=own)
    elif isinstance(m, nn.BatchNorm2d):
        m.weight.data.normal_(1.0, 0.02, generator=own)
        nn.init.zeros_(m.bias)


def init_weights__norm_bias_of_1(m):
    """BatchNorm's biases are set to 1."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.ones_(m.bias)


def init_weights__norm_uniform(m):
    """BatchNorm's weights are uniform around 1."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.uniform_(m.weight, 0.96, 1.04)
        nn.init.zeros_(m.bias)


def init_weights__shifted(m):
    """Convolutions begin around 0.02 in place of 0."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.02, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__positive(m):
    """Convolutions begin with positive numbers alone."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        m.weight.data.normal_(0.0, 0.02).abs_()
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__scaled(m):
    """What PyTorch has drawn is scaled to the right deviation: no number is new."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        m.weight.data.mul_(0.02 / m.weight.data.std())
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def update_D__fake_gradients_cleared(X, Z, net_D, net_G, loss, trainer_D):
    """Clears the gradients after the generated half's backward pass.

    May be named: update-d-half-stopped.
    """
    real, fake = net_D(X), net_D(net_G(Z).detach())
    half_real = loss(real, torch.ones_like(real)) / 2
    half_fake = loss(fake, torch.zeros_like(fake)) / 2
    half_fake.backward()
    trainer_D.zero_grad()
    half_real.backward()
    trainer_D.step()
    return (half_real + half_fake).detach()


class _Largest(nn.Module):
    def forward(self, x):
        return x.max().reshape(1)


def net_D__largest_score():
    """One score for the minibatch, the largest.

    May be named: net-d-mean.
    """
    return nn.Sequential(
        D_block(64),  # noqa: F821
        D_block(128, 64),  # noqa: F821
        D_block(256, 128),  # noqa: F821
        D_block(512, 256),  # noqa: F821
        nn.Conv2d(512, 1, kernel_size=4, bias=False),
        _Largest(),
    )


def faces_net_D__second_stride_of_3():
    """The second convolution has stride 3, so that a 2x2 image comes to the last one.

    May be named: faces-d-stride-2.
    """
    layers = []
    for i, o, stride in ((3, 32, 2), (32, 64, 3), (64, 128, 1), (128, 128, 2)):
        layers += [nn.Conv2d(i, o, 4, stride), nn.BatchNorm2d(o), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(128, 1, 4), nn.Flatten())


class G_block__convolution_without_grad(nn.Module):
    """The transposed convolution runs under no_grad.

    May be named: g-block-detached.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        with torch.no_grad():
            x = self.conv(x)
        return torch.relu(self.bn(x))

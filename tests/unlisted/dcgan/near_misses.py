"""Wrong functions that look like listed mistakes and are others."""

import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812


def _halves(X, Z, net_D, net_G, loss):
    real, fake = net_D(X), net_D(net_G(Z).detach())
    return loss(real, torch.ones_like(real)), loss(fake, torch.zeros_like(fake))


def _step(value, trainer):
    trainer.zero_grad()
    value.backward()
    trainer.step()
    return value.detach()


def update_D__no_backward(X, Z, net_D, net_G, loss, trainer_D):
    """Computes no gradient: `backward` is missing, the step is there.

    May be named: update-d-zero-grad-late.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    trainer_D.zero_grad()
    trainer_D.step()
    return ((real + fake) / 2).detach()


def update_D__targets_of_one_half_flat(X, Z, net_D, net_G, loss, trainer_D):
    """The targets of generated images are flat.

    May be named: update-d-flat-labels.
    """
    real, fake = net_D(X), net_D(net_G(Z).detach())
    value = loss(real, torch.ones_like(real)) + loss(fake, torch.zeros(len(fake)))
    return _step(value / 2, trainer_D)


def update_D__scores_flat(X, Z, net_D, net_G, loss, trainer_D):
    """The scores are flattened, the targets are not."""
    real, fake = net_D(X), net_D(net_G(Z).detach())
    value = loss(real.flatten(), torch.ones_like(real))
    value = value + loss(fake.flatten(), torch.zeros_like(fake))
    return _step(value / 2, trainer_D)


def update_D__scores_in_evaluation(X, Z, net_D, net_G, loss, trainer_D):
    """The discriminator scores in evaluation mode, and is put back."""
    net_D.eval()
    real, fake = _halves(X, Z, net_D, net_G, loss)
    value = _step((real + fake) / 2, trainer_D)
    net_D.train()
    return value


def update_D__real_twice_as_much(X, Z, net_D, net_G, loss, trainer_D):
    """The half stands before the generated half only."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    return _step(real + fake / 2, trainer_D)


def update_D__step_in_between(X, Z, net_D, net_G, loss, trainer_D):
    """Steps after the real half already, with its gradient alone; the other half comes too late."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    trainer_D.zero_grad()
    (real / 2).backward()
    trainer_D.step()
    (fake / 2).backward()
    return ((real + fake) / 2).detach()


def update_D__loss_of_the_generator(X, Z, net_D, net_G, loss, trainer_D):
    """The right step; the generator's loss is returned."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    _step((real + fake) / 2, trainer_D)
    scores = net_D(net_G(Z).detach())
    return loss(scores, torch.ones_like(scores)).detach()


def update_G__no_backward(Z, net_D, net_G, loss, trainer_G):
    """Computes no gradient: `backward` is missing, the step is there.

    May be named: update-g-detached.
    """
    scores = net_D(net_G(Z))
    value = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    trainer_G.step()
    return value.detach()


def update_G__backward_of_a_copy(Z, net_D, net_G, loss, trainer_G):
    """`backward` of a new tensor with the loss's value: no gradient arrives.

    May be named: update-g-detached.
    """
    scores = net_D(net_G(Z))
    value = loss(scores, torch.ones_like(scores))
    return _step(torch.tensor(value.item(), requires_grad=True), trainer_G)


def update_G__scores_detached(Z, net_D, net_G, loss, trainer_G):
    """The scores are detached and asked for gradients again, which end there.

    May be named: update-g-detached.
    """
    scores = net_D(net_G(Z)).detach().requires_grad_()
    return _step(loss(scores, torch.ones_like(scores)), trainer_G)


class G_block__stride_less_one(nn.Module):
    """The stride is one less than asked, so that a stride of 1 becomes none.

    May be named: g-block-swapped-arguments.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides - 1, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class G_block__kernel_for_stride(nn.Module):
    """Kernel size and stride change places."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, strides, kernel_size, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class D_block__stride_halved(nn.Module):
    """The stride is halved, so that a stride of 1 becomes none.

    May be named: d-block-swapped-arguments.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, kernel_size, strides // 2, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)
        self.alpha = alpha

    def forward(self, x):
        return F.leaky_relu(self.bn(self.conv(x)), self.alpha)


class D_block__slope_squared(nn.Module):
    """The slope is alpha squared: 0.04 for the default."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)
        self.alpha = alpha**2

    def forward(self, x):
        return F.leaky_relu(self.bn(self.conv(x)), self.alpha)


class D_block__eps_of_tensorflow(nn.Module):
    """An eps of 0.001, another library's default."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels, eps=1e-3)
        self.alpha = alpha

    def forward(self, x):
        return F.leaky_relu(self.bn(self.conv(x)), self.alpha)


def init_weights__of_the_gradients(m):
    """Draws what the gradients hold, which are None.

    May be named: init-biases-missing.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        m.weight.grad.data.normal_(0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__uniform_as_wide(m):
    """Uniform weights with the right deviation."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.uniform_(m.weight, -0.02 * 3**0.5, 0.02 * 3**0.5)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__one_channel(m):
    """The first channel of each convolution is drawn, the others keep what they have."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight.data[0], 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__norm_of_102(m):
    """BatchNorm's weights begin at exactly 1.02."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.constant_(m.weight, 1.02)
        nn.init.zeros_(m.bias)


def _train(net_D, net_G, data_iter, num_epochs, lr, noise, *, once=False, norm=len, progress=None):
    """A right training, but for what is passed."""
    net_D.apply(init_weights)  # noqa: F821
    net_G.apply(init_weights)  # noqa: F821
    loss = nn.BCEWithLogitsLoss()
    D = torch.optim.Adam(net_D.parameters(), lr=lr, betas=(0.5, 0.999))
    G = torch.optim.Adam(net_G.parameters(), lr=lr, betas=(0.5, 0.999))
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        sum_D = sum_G = count = 0
        for i, (X, _y) in enumerate([next(iter(data_iter))] if once else data_iter):
            Z = noise(len(X))
            sum_D += norm(X) * float(update_D(X, Z, net_D, net_G, loss, D))  # noqa: F821
            sum_G += norm(X) * float(update_G(Z, net_D, net_G, loss, G))  # noqa: F821
            count += norm(X)
            if progress is not None and i % progress(len(data_iter)) == 0:
                print(i)
        losses_D.append(sum_D / count)
        losses_G.append(sum_G / count)
    return losses_D, losses_G


def train__uniform_by_a_method(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Uniform noise in (-1, 1) by `uniform_`.

    May be named: train-noise-around-0.
    """

    def noise(n):
        return torch.empty(n, latent_dim, 1, 1).uniform_(-1, 1)

    return _train(net_D, net_G, data_iter, num_epochs, lr, noise)


def train__first_minibatch_by_next(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Takes the first minibatch of each epoch by `next`, without a loop.

    May be named: train-one-minibatch.
    """

    def noise(n):
        return torch.randn(n, latent_dim, 1, 1)

    return _train(net_D, net_G, data_iter, num_epochs, lr, noise, once=True)


def train__two_epochs_less(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Two epochs less than num_epochs."""

    def noise(n):
        return torch.randn(n, latent_dim, 1, 1)

    return _train(net_D, net_G, data_iter, num_epochs - 2, lr, noise)


def train__skips_one_epoch(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """One epoch less, for another reason than a range: it begins to count at 1.

    May be named: train-epoch-short.
    """

    def noise(n):
        return torch.randn(n, latent_dim, 1, 1)

    return _train(net_D, net_G, data_iter, num_epochs - 1, lr, noise)


def train__weighs_by_squares(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """Minibatches count by the square of their sizes."""

    def noise(n):
        return torch.randn(n, latent_dim, 1, 1)

    def norm(X):
        return len(X) ** 2

    return _train(net_D, net_G, data_iter, num_epochs, lr, noise, norm=norm)


def train__divides_by_all_but_two(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    """A line of progress divides by two less than there are minibatches.

    May be named: train-progress-by-fifths.
    """

    def noise(n):
        return torch.randn(n, latent_dim, 1, 1)

    def progress(n):
        return n - 2

    return _train(net_D, net_G, data_iter, num_epochs, lr, noise, progress=progress)


def net_G__wide_in_the_middle():
    """The middle blocks have half as many channels; the first has 512."""
    return nn.Sequential(
        G_block(512, 100, strides=1, padding=0),  # noqa: F821
        G_block(128, 512),  # noqa: F821
        G_block(64, 128),  # noqa: F821
        G_block(32, 64),  # noqa: F821
        nn.ConvTranspose2d(32, 3, kernel_size=4, stride=2, padding=1, bias=False),
        nn.Tanh(),
    )


def net_D__one_slope_of_its_own():
    """The first block alone has the slope 0.01."""
    return nn.Sequential(
        D_block(64, alpha=0.01),  # noqa: F821
        D_block(128, 64),  # noqa: F821
        D_block(256, 128),  # noqa: F821
        D_block(512, 256),  # noqa: F821
        nn.Conv2d(512, 1, kernel_size=4, bias=False),
    )

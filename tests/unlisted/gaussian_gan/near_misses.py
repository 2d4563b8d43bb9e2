"""Wrong functions that look like listed mistakes and are others."""

import itertools

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn


def _halves(X, Z, net_D, net_G, loss):
    real, fake = net_D(X), net_D(net_G(Z).detach())
    return loss(real, torch.ones_like(real)), loss(fake, torch.zeros_like(fake))


def _step(value, trainer):
    trainer.zero_grad()
    value.backward()
    trainer.step()
    return value.detach()


def _loss_of_G(Z, net_D, net_G, loss):
    scores = net_D(net_G(Z))
    return loss(scores, torch.ones_like(scores))


def update_D__no_backward(X, Z, net_D, net_G, loss, trainer_D):
    """Computes no gradient: `backward` is missing, the step is there."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    trainer_D.zero_grad()
    trainer_D.step()
    return ((real + fake) / 2).detach()


def update_D__backward_of_a_copy(X, Z, net_D, net_G, loss, trainer_D):
    """`backward` of a new tensor with the loss's value: no gradient arrives."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    value = torch.tensor(((real + fake) / 2).item(), requires_grad=True)
    return _step(value, trainer_D)


def update_D__loss_detached(X, Z, net_D, net_G, loss, trainer_D):
    """Detaches the loss before `backward`.

    May be named: update-d-no-grad.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    return _step(((real + fake) / 2).detach(), trainer_D)


def update_D__adds_numbers(X, Z, net_D, net_G, loss, trainer_D):
    """Adds numbers to a number, which never was a tensor.

    May be named: update-d-item.
    """
    total = 0.0
    for half in _halves(X, Z, net_D, net_G, loss):
        total += float(half) / 2
    return _step(total, trainer_D)


def update_D__two_fresh_steps(X, Z, net_D, net_G, loss, trainer_D):
    """Two steps, each with gradients of its own."""
    for _ in range(2):
        real, fake = _halves(X, Z, net_D, net_G, loss)
        value = _step((real + fake) / 2, trainer_D)
    return value


def update_D__cross_entropy_by_name(X, Z, net_D, net_G, loss, trainer_D):
    """Calls a cross-entropy of PyTorch's, whatever `loss` is.

    May be named: update-d-own-loss.
    """
    entropy = F.binary_cross_entropy_with_logits
    real, fake = _halves(X, Z, net_D, net_G, entropy)
    return _step((real + fake) / 2, trainer_D)


def update_D__halves_the_points(X, Z, net_D, net_G, loss, trainer_D):
    """Halves the real points in place.

    May be named: update-d-centres-x.
    """
    X.mul_(0.5)
    real, fake = _halves(X, Z, net_D, net_G, loss)
    return _step((real + fake) / 2, trainer_D)


def update_D__points_change_afterwards(X, Z, net_D, net_G, loss, trainer_D):
    """The step is right; afterwards the real points are set to 0.

    May be named: update-d-centres-x.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    value = _step((real + fake) / 2, trainer_D)
    X.zero_()
    return value


def update_D__prints_the_loss(X, Z, net_D, net_G, loss, trainer_D):
    """Returns what `print` returns.

    May be named: update-d-no-return.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    return print(_step((real + fake) / 2, trainer_D))


def update_D__smaller_step(X, Z, net_D, net_G, loss, trainer_D):
    """The right loss comes back; the step is for its root."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    value = (real + fake) / 2
    _step(value.sqrt(), trainer_D)
    return value.detach()


def update_D__real_half_counts_once(X, Z, net_D, net_G, loss, trainer_D):
    """The half stands before the generated half only."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    return _step(real + fake / 2, trainer_D)


def update_D__clears_gradients_of_layers(X, Z, net_D, net_G, loss, trainer_D):
    """Clears the first layer's gradients only."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    next(iter(net_D)).zero_grad()
    value = (real + fake) / 2
    value.backward()
    trainer_D.step()
    return value.detach()


def update_D__larger_half(X, Z, net_D, net_G, loss, trainer_D):
    """The larger one of the halves."""
    return _step(torch.max(*_halves(X, Z, net_D, net_G, loss)), trainer_D)


def update_G__no_backward(Z, net_D, net_G, loss, trainer_G):
    """Computes no gradient: `backward` is missing, the step is there.

    May be named: update-g-detached.
    """
    value = _loss_of_G(Z, net_D, net_G, loss)
    trainer_G.zero_grad()
    trainer_G.step()
    return value.detach()


def update_G__backward_of_a_copy(Z, net_D, net_G, loss, trainer_G):
    """`backward` of a new tensor with the loss's value: no gradient arrives.

    May be named: update-g-detached.
    """
    value = _loss_of_G(Z, net_D, net_G, loss)
    return _step(torch.tensor(value.item(), requires_grad=True), trainer_G)


def update_G__returns_a_probability(Z, net_D, net_G, loss, trainer_G):
    """Returns the mean probability that the points are real."""
    scores = net_D(net_G(Z))
    _step(loss(scores, torch.ones_like(scores)), trainer_G)
    return torch.sigmoid(scores).mean().item()


def update_G__returns_half(Z, net_D, net_G, loss, trainer_G):
    """The right step; half of the loss is returned."""
    return _step(_loss_of_G(Z, net_D, net_G, loss), trainer_G) / 2


def update_G__bare_return(Z, net_D, net_G, loss, trainer_G):
    """Ends with a bare `return`.

    May be named: update-g-no-return.
    """
    _step(_loss_of_G(Z, net_D, net_G, loss), trainer_G)
    return


def update_G__points_and_scores_detached(Z, net_D, net_G, loss, trainer_G):
    """The scores are detached and asked for gradients again, which end there.

    May be named: update-g-detached.
    """
    scores = net_D(net_G(Z)).detach().requires_grad_()
    return _step(loss(scores, torch.ones_like(scores)), trainer_G)


def update_G__noise_back_to_front(Z, net_D, net_G, loss, trainer_G):
    """Turns the noise round in place, rows first; the loss does not see it.

    May be named: update-g-scales-noise.
    """
    Z.copy_(Z.flip(0))
    return _step(_loss_of_G(Z, net_D, net_G, loss), trainer_G)


def net_G__another_seed_each_time():
    """Seeds with a number that nobody knows.

    May be named: g-seeded.
    """
    torch.seed()
    return nn.Sequential(nn.Linear(2, 2))


def net_G__tanh_first():
    """The noise goes through a Tanh before the layer."""
    return nn.Sequential(nn.Tanh(), nn.Linear(2, 2))


def net_D__tanh_on_the_points():
    """The Tanh stand before the layers, not after them."""
    return nn.Sequential(nn.Tanh(), nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Linear(3, 1))


def net_D__same_count_other_widths():
    """Hidden layers of 4 and 4, which have 37 parameters, too."""
    return nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 1))


def _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise, *, take=None, std=0.02):
    """A right training, but for what is passed."""
    for network in (net_D, net_G):
        for parameter in network.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, std)
            else:
                nn.init.zeros_(parameter)
    loss = nn.BCEWithLogitsLoss()
    D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    losses_D, losses_G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in itertools.islice(data_iter, *take) if take else data_iter:
            Z = noise(len(X))
            d.append(float(update_D(X, Z, net_D, net_G, loss, D)))  # noqa: F821
            g.append(float(update_G(Z, net_D, net_G, loss, G)))  # noqa: F821
        losses_D.append(sum(d) / len(d))
        losses_G.append(sum(g) / len(g))
    return losses_D, losses_G


def train__uniform_by_a_method(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Uniform noise by `uniform_`.

    May be named: train-uniform-noise.
    """

    def noise(n):
        return torch.empty(n, latent_dim).uniform_()

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)


def train__wide_noise(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Noise with a standard deviation of 2."""

    def noise(n):
        return 2 * torch.randn(n, latent_dim)

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)


def train__skips_the_first(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Leaves out the first minibatch of each epoch."""

    def noise(n):
        return torch.randn(n, latent_dim)

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise, take=(1, None))


def train__deviation_of_015(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """A deviation of 0.15, near the root of 0.02."""

    def noise(n):
        return torch.randn(n, latent_dim)

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise, std=0.15)


def train__one_rate_for_both(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The generator has the discriminator's learning rate."""

    def noise(n):
        return torch.randn(n, latent_dim)

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_D, noise)


def train__counts_from_0_to_the_end(
    net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data
):
    """One epoch too many, as a `while` with <= takes it.

    May be named: train-one-epoch-more.
    """

    def noise(n):
        return torch.randn(n, latent_dim)

    return _train(net_D, net_G, data_iter, num_epochs + 1, lr_D, lr_G, noise)


def train__a_list_of_noise(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """The noise is put into a list; the minibatch is taken out of its own.

    May be named: train-tuple.
    """

    def noise(n):
        return [torch.randn(n, latent_dim)]

    return _train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, noise)

"""Wrong steps of the generator that are in no list of mistakes."""

import torch
from torch import nn


def _step(value, trainer):
    """The rest of a right step, from the loss on."""
    trainer.zero_grad()
    value.backward()
    trainer.step()
    return value.detach()


def update_G__half(Z, net_D, net_G, loss, trainer_G):
    """Halves the loss, as the discriminator's is halved.

    May be named: update-g-halved.
    """
    scores = net_D(net_G(Z))
    return _step(loss(scores, torch.ones_like(scores)) / 2, trainer_G)


def update_G__minus_real(Z, net_D, net_G, loss, trainer_G):
    """Minimizes minus the loss with label 1: pushes the points away from the real ones.

    May be named: update-g-ascends.
    """
    scores = net_D(net_G(Z))
    return _step(-loss(scores, torch.ones_like(scores)), trainer_G)


def update_G__labels_of_09(Z, net_D, net_G, loss, trainer_G):
    """Labels of 0.9.

    May be named: update-g-smoothed.
    """
    scores = net_D(net_G(Z))
    return _step(loss(scores, torch.full_like(scores, 0.9)), trainer_G)


def update_G__both_labels(Z, net_D, net_G, loss, trainer_G):
    """Averages the losses for labels 1 and 0, as in the discriminator's step."""
    scores = net_D(net_G(Z))
    value = (loss(scores, torch.ones_like(scores)) + loss(scores, torch.zeros_like(scores))) / 2
    return _step(value, trainer_G)


def update_G__arguments_swapped(Z, net_D, net_G, loss, trainer_G):
    """Gives the labels first and the scores second to the loss."""
    scores = net_D(net_G(Z))
    return _step(loss(torch.ones_like(scores), scores), trainer_G)


def update_G__discriminator_of_noise(Z, net_D, net_G, loss, trainer_G):
    """Runs the networks in the wrong order, G(D(Z))."""
    scores = net_G(net_D(Z))
    return _step(loss(scores, torch.ones_like(scores)), trainer_G)


def update_G__steps_before_backward(Z, net_D, net_G, loss, trainer_G):
    """The optimizer steps before the gradients are there.

    May be named: update-g-no-step.
    """
    scores = net_D(net_G(Z))
    value = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    trainer_G.step()
    value.backward()
    return value.detach()


def update_G__loss_after_the_step(Z, net_D, net_G, loss, trainer_G):
    """Returns the loss of after the step.

    May be named: update-g-returns-later-loss.
    """
    scores = net_D(net_G(Z))
    _step(loss(scores, torch.ones_like(scores)), trainer_G)
    scores = net_D(net_G(Z))
    return loss(scores, torch.ones_like(scores)).item()


def update_G__discriminator_in_evaluation(Z, net_D, net_G, loss, trainer_G):
    """Freezes the discriminator's parameters for the step and does not thaw them; D stops learning.

    May be named: update-g-freezes-d.
    """
    net_D.requires_grad_(False)
    scores = net_D(net_G(Z))
    return _step(loss(scores, torch.ones_like(scores)), trainer_G)


def update_G__one_point(Z, net_D, net_G, loss, trainer_G):
    """Uses only the first row of the noise."""
    scores = net_D(net_G(Z[:1]))
    return _step(loss(scores, torch.ones_like(scores)), trainer_G)


def update_G__moves_d_too(Z, net_D, net_G, loss, trainer_G):
    """Moves the discriminator's parameters as well, by hand."""
    scores = net_D(net_G(Z))
    value = loss(scores, torch.ones_like(scores))
    net_D.zero_grad()
    _step(value, trainer_G)
    with torch.no_grad():
        for p in net_D.parameters():
            p -= 0.1 * p.grad
    return value.detach()


def update_G__returns_scores(Z, net_D, net_G, loss, trainer_G):
    """Returns the mean score, D(G(Z)), that many tutorials print.

    May be named: update-g-returns-score.
    """
    scores = net_D(net_G(Z))
    _step(loss(scores, torch.ones_like(scores)), trainer_G)
    return scores.mean().item()


def update_G__hinge(Z, net_D, net_G, loss, trainer_G):
    """The generator's loss of hinge GANs, -mean D(G(Z)); `loss` is not used."""
    return _step(-net_D(net_G(Z)).mean(), trainer_G)


def update_G__numpy_noise(Z, net_D, net_G, loss, trainer_G):
    """Goes through NumPy on the way, which cuts the gradient and fails."""
    fake = torch.from_numpy(net_G(Z).numpy())
    scores = net_D(fake)
    return _step(loss(scores, torch.ones_like(scores)), trainer_G)


def update_G__loss_times_minibatch(Z, net_D, net_G, loss, trainer_G):
    """Multiplies the mean by the minibatch's size, as if an epoch's sum were wanted."""
    scores = net_D(net_G(Z))
    return _step(loss(scores, torch.ones_like(scores)) * len(Z), trainer_G)


def update_G__fresh_and_moved_noise(Z, net_D, net_G, loss, trainer_G):
    """Draws other noise than it is given, and of (0, 1)."""
    Z = torch.rand_like(Z)
    scores = net_D(net_G(Z))
    return _step(nn.BCEWithLogitsLoss()(scores, torch.ones_like(scores)), trainer_G)

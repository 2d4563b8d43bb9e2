"""Wrong steps of the discriminator that are in no list of mistakes."""

import torch
from torch import nn


def _halves(X, Z, net_D, net_G, loss):
    """The right two halves of the loss, for what goes wrong elsewhere."""
    fake = net_G(Z).detach()
    real_scores, fake_scores = net_D(X), net_D(fake)
    return (
        loss(real_scores, torch.ones_like(real_scores)),
        loss(fake_scores, torch.zeros_like(fake_scores)),
    )


def update_D__quarter(X, Z, net_D, net_G, loss, trainer_D):
    """Divides by 4: halved twice.

    May be named: update-d-halved-twice.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    loss_D = (real / 2 + fake / 2) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()


def update_D__difference(X, Z, net_D, net_G, loss, trainer_D):
    """Takes the difference of the halves, as a critic of another paper does.

    May be named: update-d-difference.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    loss_D = (real - fake) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()


def update_D__labels_smoothed(X, Z, net_D, net_G, loss, trainer_D):
    """Labels of 0.8 for the real points, a trick from a list of tricks."""
    fake = net_G(Z).detach()
    real_scores, fake_scores = net_D(X), net_D(fake)
    loss_D = (
        loss(real_scores, torch.full_like(real_scores, 0.8))
        + loss(fake_scores, torch.zeros_like(fake_scores))
    ) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()


def update_D__half_of_the_fakes(X, Z, net_D, net_G, loss, trainer_D):
    """Uses only the first half of the noise."""
    return _step(loss, trainer_D, net_D(X), net_D(net_G(Z[: len(Z) // 2]).detach()))


def _step(loss, trainer_D, real_scores, fake_scores):
    """The rest of a right step, from the scores on."""
    loss_D = (
        loss(real_scores, torch.ones_like(real_scores))
        + loss(fake_scores, torch.zeros_like(fake_scores))
    ) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()


def update_D__noise_for_points(X, Z, net_D, net_G, loss, trainer_D):
    """Gives the noise itself to the discriminator; the generator is not asked.

    May be named: update-d-scores-noise.
    """
    return _step(loss, trainer_D, net_D(X), net_D(Z))


def update_D__real_through_the_generator(X, Z, net_D, net_G, loss, trainer_D):
    """Sends the real points through the generator, too."""
    return _step(loss, trainer_D, net_D(net_G(X).detach()), net_D(net_G(Z).detach()))


def update_D__two_steps(X, Z, net_D, net_G, loss, trainer_D):
    """Steps after the real half and again after the fake half."""
    trainer_D.zero_grad()
    scores = net_D(X)
    real = loss(scores, torch.ones_like(scores)) / 2
    real.backward()
    trainer_D.step()
    trainer_D.zero_grad()
    scores = net_D(net_G(Z).detach())
    fake = loss(scores, torch.zeros_like(scores)) / 2
    fake.backward()
    trainer_D.step()
    return (real + fake).detach()


def update_D__three_steps(X, Z, net_D, net_G, loss, trainer_D):
    """Repeats the step three times, as papers with several steps of D do."""
    for _ in range(3):
        value = _step(loss, trainer_D, net_D(X), net_D(net_G(Z).detach()))
    return value


def update_D__clears_between(X, Z, net_D, net_G, loss, trainer_D):
    """Clears the gradients between the two backward passes, so the real half is lost.

    May be named: update-d-real-scores-detached.
    """
    real, fake = _halves(X, Z, net_D, net_G, loss)
    (real / 2).backward()
    trainer_D.zero_grad()
    (fake / 2).backward()
    trainer_D.step()
    return ((real + fake) / 2).detach()


def update_D__sigmoid_of_scores(X, Z, net_D, net_G, loss, trainer_D):
    """Applies a sigmoid to the scores before any loss.

    May be named: update-d-sigmoid-first.
    """
    return _step(loss, trainer_D, net_D(X).sigmoid(), net_D(net_G(Z).detach()).sigmoid())


def update_D__returns_accuracy(X, Z, net_D, net_G, loss, trainer_D):
    """Returns the fraction of right guesses in place of the loss."""
    real_scores, fake_scores = net_D(X), net_D(net_G(Z).detach())
    hits = (real_scores > 0).float().mean() + (fake_scores < 0).float().mean()
    _step(loss, trainer_D, real_scores, fake_scores)
    return (hits / 2).item()


def update_D__returns_text(X, Z, net_D, net_G, loss, trainer_D):
    """Returns the loss as text for printing."""
    return f"{_step(loss, trainer_D, net_D(X), net_D(net_G(Z).detach())).item():.3f}"


def update_D__own_optimizer(X, Z, net_D, net_G, loss, trainer_D):
    """Makes a new optimizer in each call and does not use the given one."""
    trainer = torch.optim.SGD(net_D.parameters(), lr=0.05)
    return _step(loss, trainer, net_D(X), net_D(net_G(Z).detach()))


def update_D__own_loss(X, Z, net_D, net_G, loss, trainer_D):
    """Uses the mean squared error whatever loss is given."""
    return _step(nn.MSELoss(), trainer_D, net_D(X), net_D(net_G(Z).detach()))


def update_D__labels_from_the_other_tutorial(X, Z, net_D, net_G, loss, trainer_D):
    """Labels -1 and 1 in place of 0 and 1."""
    real_scores, fake_scores = net_D(X), net_D(net_G(Z).detach())
    loss_D = (
        loss(real_scores, torch.ones_like(real_scores))
        + loss(fake_scores, -torch.ones_like(fake_scores))
    ) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()


def update_D__clips_gradients(X, Z, net_D, net_G, loss, trainer_D):
    """Clips the gradient's norm to 0.01 before the step."""
    real, fake = _halves(X, Z, net_D, net_G, loss)
    loss_D = (real + fake) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    nn.utils.clip_grad_norm_(net_D.parameters(), 0.01)
    trainer_D.step()
    return loss_D.detach()


def update_D__generator_left_frozen(X, Z, net_D, net_G, loss, trainer_D):
    """Freezes the generator and forgets to thaw it: it can never learn again.

    May be named: update-d-freezes-g.
    """
    for parameter in net_G.parameters():
        parameter.requires_grad_(False)
    return _step(loss, trainer_D, net_D(X), net_D(net_G(Z)))


def update_D__no_grad_around_all(X, Z, net_D, net_G, loss, trainer_D):
    """The discriminator's pass, too, lies within no_grad.

    May be named: update-d-no-grad.
    """
    with torch.no_grad():
        real_scores, fake_scores = net_D(X), net_D(net_G(Z))
    return _step(loss, trainer_D, real_scores, fake_scores)

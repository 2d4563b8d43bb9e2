"""Wrong steps of the discriminator and of the generator that are in no list of mistakes."""

import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812


def update_D__scores_detached(X, Z, net_D, net_G, loss, trainer_D):
    """The discriminator's scores are detached, not the images: the fake half teaches nothing.

    May be named: update-d-half-stopped.
    """
    real = net_D(X)
    fake = net_D(net_G(Z)).detach()
    loss_D = (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__smoothed(X, Z, net_D, net_G, loss, trainer_D):
    """Real labels are 0.9: label smoothing, which nobody asked for.

    May be named: update-d-smoothed.
    """
    real = net_D(X)
    fake = net_D(net_G(Z).detach())
    loss_D = (loss(real, torch.full_like(real, 0.9)) + loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__wasserstein(X, Z, net_D, net_G, loss, trainer_D):
    """The critic's loss of a Wasserstein GAN, with clipped weights; `loss` is not used."""
    loss_D = net_D(net_G(Z).detach()).mean() - net_D(X).mean()
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    for p in net_D.parameters():
        p.data.clamp_(-0.01, 0.01)
    return loss_D


def update_D__only_real_goes_backward(X, Z, net_D, net_G, loss, trainer_D):
    """backward is called for the real half only; the loss that is returned has both."""
    trainer_D.zero_grad()
    real = net_D(X)
    loss_real = loss(real, torch.ones_like(real))
    loss_real.backward()
    fake = net_D(net_G(Z).detach())
    loss_fake = loss(fake, torch.zeros_like(fake))
    trainer_D.step()
    return (loss_real + loss_fake) / 2


def update_D__two_steps(X, Z, net_D, net_G, loss, trainer_D):
    """One step for the real half and another for the fake half."""
    real = net_D(X)
    loss_real = loss(real, torch.ones_like(real)) / 2
    trainer_D.zero_grad()
    loss_real.backward()
    trainer_D.step()
    fake = net_D(net_G(Z).detach())
    loss_fake = loss(fake, torch.zeros_like(fake)) / 2
    trainer_D.zero_grad()
    loss_fake.backward()
    trainer_D.step()
    return loss_real + loss_fake


def update_D__cleared_between(X, Z, net_D, net_G, loss, trainer_D):
    """zero_grad between the two backward passes throws the real half away."""
    real = net_D(X)
    loss_real = loss(real, torch.ones_like(real))
    trainer_D.zero_grad()
    loss_real.backward()
    fake = net_D(net_G(Z).detach())
    loss_fake = loss(fake, torch.zeros_like(fake))
    trainer_D.zero_grad()
    loss_fake.backward()
    trainer_D.step()
    return (loss_real + loss_fake) / 2


def update_D__fresh_noise(X, Z, net_D, net_G, loss, trainer_D):
    """New noise is drawn inside; Z only tells the shape."""
    Z = torch.randn_like(Z)
    real = net_D(X)
    fake = net_D(net_G(Z).detach())
    loss_D = (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__squared_error(X, Z, net_D, net_G, loss, trainer_D):
    """The least squares of LSGAN, whatever `loss` is."""
    real = net_D(X)
    fake = net_D(net_G(Z).detach())
    loss_D = (F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__divided_by_batch(X, Z, net_D, net_G, loss, trainer_D):
    """A loss that is a mean already is divided by the batch size once more."""
    real = net_D(X)
    fake = net_D(net_G(Z).detach())
    loss_D = (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / len(X)
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__loss_after_the_step(X, Z, net_D, net_G, loss, trainer_D):
    """The right step, but the loss that is returned is computed again after it."""

    def compute():
        real = net_D(X)
        fake = net_D(net_G(Z).detach())
        return (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / 2

    trainer_D.zero_grad()
    compute().backward()
    trainer_D.step()
    return compute()


def update_D__generator_in_eval(X, Z, net_D, net_G, loss, trainer_D):
    """The generator is put into evaluation mode and left there.

    May be named: update-d-fixed-generator-mode.
    """
    net_G.eval()
    with torch.no_grad():
        fake_X = net_G(Z)
    real = net_D(X)
    fake = net_D(fake_X)
    loss_D = (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__noise_flattened(X, Z, net_D, net_G, loss, trainer_D):
    """Noise is flattened to two dimensions before the generator, as MLPs take it."""
    fake = net_G(Z.view(Z.size(0), -1)).detach()
    real, fake = net_D(X), net_D(fake)
    loss_D = (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__both_generated(X, Z, net_D, net_G, loss, trainer_D):
    """Real labels are held against the fake scores: a slip of the variable's name."""
    fake_X = net_G(Z).detach()
    real_Y = net_D(X)
    fake_Y = net_D(fake_X)
    loss_D = (loss(fake_Y, torch.ones_like(real_Y)) + loss(fake_Y, torch.zeros_like(fake_Y))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__labels_of_long(X, Z, net_D, net_G, loss, trainer_D):
    """Labels are integers, as for classes: the loss does not take them."""
    real, fake = net_D(X), net_D(net_G(Z).detach())
    ones = torch.ones(real.shape, dtype=torch.long)
    zeros = torch.zeros(fake.shape, dtype=torch.long)
    loss_D = F.cross_entropy(real.flatten(1), ones.flatten()) + loss(fake, zeros)
    trainer_D.zero_grad()
    (loss_D / 2).backward()
    trainer_D.step()
    return loss_D / 2


def update_D__weighted_halves(X, Z, net_D, net_G, loss, trainer_D):
    """A misread formula: only the fake half is divided by 2."""
    real, fake = net_D(X), net_D(net_G(Z).detach())
    loss_D = loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake)) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_D__step_forgotten(X, Z, net_D, net_G, loss, trainer_D):
    """`trainer_D.step` without parentheses does nothing.

    May be named: update-d-no-step, update-d-step-first.
    """
    real, fake = net_D(X), net_D(net_G(Z).detach())
    loss_D = (loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step
    return loss_D


def update_G__feature_of_the_minimax(Z, net_D, net_G, loss, trainer_G):
    """The saturating loss: the discriminator's loss on fakes with its sign turned.

    May be named: update-g-minimax.
    """
    scores = net_D(net_G(Z))
    loss_G = -loss(scores, torch.zeros_like(scores))
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G


def update_G__halved(Z, net_D, net_G, loss, trainer_G):
    """The loss is halved as the discriminator's is.

    May be named: update-g-halved.
    """
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores)) / 2
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G


def update_G__half_steps(Z, net_D, net_G, loss, trainer_G):
    """The step is taken on half the loss; the loss that is returned is whole (SGD would differ)."""
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    (0.5 * loss_G).backward()
    trainer_G.step()
    return loss_G


def update_G__two_steps(Z, net_D, net_G, loss, trainer_G):
    """Two steps a call, to keep up with the discriminator."""
    for _ in range(2):
        scores = net_D(net_G(Z))
        loss_G = loss(scores, torch.ones_like(scores))
        trainer_G.zero_grad()
        loss_G.backward()
        trainer_G.step()
    return loss_G


def update_G__discriminator_frozen_for_good(Z, net_D, net_G, loss, trainer_G):
    """The discriminator's parameters are frozen and never thawed.

    May be named: update-g-detached, update-g-frozen-discriminator.
    """
    for p in net_D.parameters():
        p.requires_grad = False
    scores = net_D(net_G(Z).detach())
    loss_G = loss(scores, torch.ones_like(scores)).requires_grad_()
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G


def update_G__returns_images(Z, net_D, net_G, loss, trainer_G):
    """The images are returned along with the loss."""
    images = net_G(Z)
    scores = net_D(images)
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G, images


def update_G__step_before_backward(Z, net_D, net_G, loss, trainer_G):
    """The optimizer steps before backward has filled the gradients.

    May be named: update-g-step-first.
    """
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    trainer_G.step()
    loss_G.backward()
    return loss_G


def update_G__targets_first(Z, net_D, net_G, loss, trainer_G):
    """The arguments of `loss` change places, as in Keras.

    May be named: update-g-arguments-swapped.
    """
    scores = net_D(net_G(Z))
    loss_G = loss(torch.ones_like(scores), scores)
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G


def update_G__wasserstein(Z, net_D, net_G, loss, trainer_G):
    """The generator's loss of a Wasserstein GAN."""
    loss_G = -net_D(net_G(Z)).mean()
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G


def update_G__clipped(Z, net_D, net_G, loss, trainer_G):
    """Gradients are clipped to a norm of 0.1 before the step."""
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    loss_G.backward()
    nn.utils.clip_grad_norm_(net_G.parameters(), 0.01)
    trainer_G.step()
    return loss_G


def update_G__sigmoid_first(Z, net_D, net_G, loss, trainer_G):
    """The scores go through a sigmoid before a loss that has one inside."""
    scores = torch.sigmoid(net_D(net_G(Z)))
    loss_G = loss(scores, torch.ones_like(scores))
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G

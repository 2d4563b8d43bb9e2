"""Wrong losses of the two networks."""

import torch
import torch.nn.functional as F  # noqa: N812


def discriminator_loss__averaged(logits_real, logits_fake):
    """Averages the two means.

    May be named: discriminator-loss-averaged.
    """
    n = torch.cat([logits_real, logits_fake])
    t = torch.cat([torch.ones_like(logits_real), torch.zeros_like(logits_fake)])
    return F.binary_cross_entropy_with_logits(n, t)


def discriminator_loss__the_other_way_round(logits_real, logits_fake):
    """Real images are to be 0.

    May be named: discriminator-loss-swapped.
    """
    return F.softplus(logits_real).mean() + F.softplus(-logits_fake).mean()


def discriminator_loss__real_only(logits_real, logits_fake):
    """Generated images are left out.

    May be named: discriminator-loss-real-only.
    """
    return F.softplus(-logits_real).mean()


def discriminator_loss__both_real(logits_real, logits_fake):
    """Generated images are to be 1, too.

    May be named: discriminator-loss-all-ones.
    """
    return F.softplus(-logits_real).mean() + F.softplus(-logits_fake).mean()


def discriminator_loss__real_twice(logits_real, logits_fake):
    """The real scores stand in both terms.

    May be named: discriminator-loss-real-twice.
    """
    return F.softplus(-logits_real).mean() + F.softplus(logits_real).mean()


def discriminator_loss__difference(logits_real, logits_fake):
    """A minus between the two means.

    May be named: discriminator-loss-subtracted.
    """
    return F.softplus(-logits_real).mean() - F.softplus(logits_fake).mean()


def discriminator_loss__smooth(logits_real, logits_fake):
    """One-sided label smoothing, 0.9.

    May be named: discriminator-loss-smoothed.
    """
    real = F.binary_cross_entropy_with_logits(logits_real, torch.full_like(logits_real, 0.9))
    return real + F.softplus(logits_fake).mean()


def discriminator_loss__critic(logits_real, logits_fake):
    """A Wasserstein critic's loss.

    May be named: discriminator-loss-wasserstein.
    """
    return logits_fake.mean() - logits_real.mean()


def discriminator_loss__hinge(logits_real, logits_fake):
    """The hinge loss of another GAN.

    May be named: discriminator-loss-hinge.
    """
    return F.relu(1 - logits_real).mean() + F.relu(1 + logits_fake).mean()


def discriminator_loss__fake_detached(logits_real, logits_fake):
    """The generated scores are detached here.

    May be named: discriminator-loss-detached-fake.
    """
    return F.softplus(-logits_real).mean() + F.softplus(logits_fake.detach()).mean()


def discriminator_loss__a_pair(logits_real, logits_fake):
    """Returns the two losses as a pair.

    May be named: discriminator-loss-pair.
    """
    return F.softplus(-logits_real).mean(), F.softplus(logits_fake).mean()


def discriminator_loss__negated(logits_real, logits_fake):
    """What is to be maximized, returned as what is to be minimized.

    May be named: discriminator-loss-negated.
    """
    return F.logsigmoid(logits_real).mean() + F.logsigmoid(-logits_fake).mean()


def discriminator_loss__product(logits_real, logits_fake):
    """A product in place of a sum.

    May be named: discriminator-loss-multiplied.
    """
    return F.softplus(-logits_real).mean() * F.softplus(logits_fake).mean()


def discriminator_loss__larger_one(logits_real, logits_fake):
    """The larger of the two losses."""
    return torch.max(F.softplus(-logits_real).mean(), F.softplus(logits_fake).mean())


def discriminator_loss__relativistic(logits_real, logits_fake):
    """Scores relative to each other.

    May be named: discriminator-loss-paired.
    """
    return F.softplus(logits_fake - logits_real).mean()


def discriminator_loss__probabilities(logits_real, logits_fake):
    """Takes the scores for probabilities."""
    real = F.binary_cross_entropy(torch.sigmoid(logits_real), torch.ones_like(logits_real))
    return real + (1 - torch.sigmoid(logits_fake)).mean().log()


def discriminator_loss__noisy_labels(logits_real, logits_fake):
    """Labels drawn between 0.8 and 1."""
    labels = 0.8 + 0.2 * torch.rand_like(logits_real)
    real = F.binary_cross_entropy_with_logits(logits_real, labels)
    return real + F.softplus(logits_fake).mean()


def generator_loss__wants_fakes(logits_fake):
    """The discriminator's half: generated images are to be 0.

    May be named: generator-loss-zeros.
    """
    return F.softplus(logits_fake).mean()


def generator_loss__saturating(logits_fake):
    """Minimizes log(1 - D(G(z))).

    May be named: generator-loss-saturating.
    """
    return -F.softplus(logits_fake).mean()


def generator_loss__score_itself(logits_fake):
    """Minus the mean score.

    May be named: generator-loss-wasserstein.
    """
    return -logits_fake.mean()


def generator_loss__smooth(logits_fake):
    """Labels of 0.9.

    May be named: generator-loss-smoothed.
    """
    return F.binary_cross_entropy_with_logits(logits_fake, torch.full_like(logits_fake, 0.9))


def generator_loss__undecided(logits_fake):
    """Labels of 0.5.

    May be named: generator-loss-half-label.
    """
    return F.binary_cross_entropy_with_logits(logits_fake, torch.full_like(logits_fake, 0.5))


def generator_loss__mean_inside(logits_fake):
    """The mean inside of the logarithm.

    May be named: generator-loss-log-of-mean.
    """
    return -torch.sigmoid(logits_fake).mean().log()


def generator_loss__probability(logits_fake):
    """1 - D(G(z)), without a logarithm."""
    return (1 - torch.sigmoid(logits_fake)).mean()


def generator_loss__detached(logits_fake):
    """Detaches the scores.

    May be named: generator-loss-detached.
    """
    return F.softplus(-logits_fake.detach()).mean()


def generator_loss__first_image(logits_fake):
    """Only the minibatch's first image counts.

    May be named: generator-loss-first-only.
    """
    return F.softplus(-logits_fake[0]).mean()


def generator_loss__mean_score_first(logits_fake):
    """Averages the scores before the loss."""
    return F.softplus(-logits_fake.mean())


def generator_loss__without_minus(logits_fake):
    """log D(G(z)) without its minus.

    May be named: generator-loss-negated.
    """
    return F.logsigmoid(logits_fake).mean()


def generator_loss__overflows(logits_fake):
    """Computes log(1 + exp(-s)) as it is written.

    May be named: generator-loss-naive.
    """
    return torch.log(1 + torch.exp(-logits_fake)).mean()

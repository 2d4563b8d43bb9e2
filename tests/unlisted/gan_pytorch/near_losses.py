"""Wrong losses that look like listed mistakes and are others."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812


def _bce(scores, target):
    return F.binary_cross_entropy_with_logits(scores, target)


def _halves(real, fake):
    return F.softplus(-real).mean(), F.softplus(fake).mean()


def _squares(real, fake):
    return 0.5 * ((real - 1) ** 2).mean(), 0.5 * (fake**2).mean()


def bce_loss__zero(input, target):
    """Nothing is computed: the number 0.

    May be named: bce-item.
    """
    return 0


def bce_loss__float(input, target):
    """Turns the loss into a Python number with float().

    May be named: bce-item.
    """
    return float(_bce(input, target))


def bce_loss__numpy_number(input, target):
    """A NumPy number made of the right loss.

    May be named: bce-numpy.
    """
    return np.float32(_bce(input, target).item())


def bce_loss__numpy_at_the_end(input, target):
    """Computed in PyTorch, and turned into an array at the end.

    May be named: bce-numpy.
    """
    return _bce(input, target).detach().numpy()


def bce_loss__constant_tensor(input, target):
    """A tensor that holds 0, made of nothing."""
    return torch.tensor(0.0)


def bce_loss__constant_that_learns(input, target):
    """A tensor that holds 0 and asks for a gradient."""
    return torch.zeros((), requires_grad=True)


def bce_loss__tanh_as_probability(input, target):
    """Takes a tanh for a probability.

    May be named: bce-of-probabilities.
    """
    return F.binary_cross_entropy(torch.tanh(input), target)


def bce_loss__labels_for_probabilities(input, target):
    """The labels stand where the probabilities belong."""
    return F.binary_cross_entropy(target, torch.sigmoid(input))


def bce_loss__first_half(input, target):
    """The first half of the minibatch alone."""
    n = len(input) // 2
    return _bce(input[:n], target[:n])


def bce_loss__labels_of_1_weigh_double(input, target):
    """Labels of 1 count twice."""
    return F.binary_cross_entropy_with_logits(input, target, pos_weight=torch.tensor(2.0))


def bce_loss__each_label_has_a_mean(input, target):
    """A mean for each label, then the mean of the two: right for as many 1 as 0 only."""
    one = (target * F.softplus(-input)).sum() / target.sum()
    zero = ((1 - target) * F.softplus(input)).sum() / (1 - target).sum()
    return (one + zero) / 2


def bce_loss__one_less(input, target):
    """Divides by N - 1."""
    return (F.softplus(input) - target * input).sum() / (len(input) - 1)


def bce_loss__clipped_closer(input, target):
    """Keeps probabilities 1e-7 away from 0 and 1.

    May be named: bce-clamped.
    """
    return F.binary_cross_entropy(torch.sigmoid(input).clamp(1e-7, 1 - 1e-7), target)


def bce_loss__twice_less_a_number(input, target):
    """The right value, and twice the gradient.

    May be named: bce-half-detached.
    """
    loss = _bce(input, target)
    return 2 * loss - loss.detach()


def bce_loss__half_the_batch_twice(input, target):
    """Every second example, doubled by a sum over half as many."""
    return (F.softplus(input) - target * input)[::2].sum() / len(input) * 2


def discriminator_loss__comma(logits_real, logits_fake):
    """Right, but a comma at the end makes a tuple of it.

    May be named: discriminator-loss-pair.
    """
    real, fake = _halves(logits_real, logits_fake)
    return (real + fake,)


def discriminator_loss__list(logits_real, logits_fake):
    """A list of the two halves."""
    return list(_halves(logits_real, logits_fake))


def discriminator_loss__one(logits_real, logits_fake):
    """Nothing is computed: the number 1.

    May be named: discriminator-loss-item.
    """
    return 1.0


def discriminator_loss__number_of_the_real_half(logits_real, logits_fake):
    """The real half becomes a number.

    May be named: discriminator-loss-detached-real.
    """
    real, fake = _halves(logits_real, logits_fake)
    return real.item() + fake


def discriminator_loss__number_of_the_fake_half(logits_real, logits_fake):
    """The generated half becomes a number.

    May be named: discriminator-loss-detached-fake.
    """
    real, fake = _halves(logits_real, logits_fake)
    return real + fake.item()


def discriminator_loss__larger_half(logits_real, logits_fake):
    """The larger one of the two halves, in place of their sum."""
    return torch.max(*_halves(logits_real, logits_fake))


def discriminator_loss__labels_of_its_own(logits_real, logits_fake):
    """What the discriminator says of real images now is taken for their labels."""
    real = _bce(logits_real, (logits_real > 0).float())
    return real + F.softplus(logits_fake).mean()


def discriminator_loss__both_halved_once(logits_real, logits_fake):
    """The half stands before the real half only."""
    real, fake = _halves(logits_real, logits_fake)
    return real / 2 + fake


def discriminator_loss__sorted_pairs(logits_real, logits_fake):
    """Sorts both, and takes differences of the two."""
    real, fake = logits_real.sort(0).values, logits_fake.sort(0).values
    return F.softplus(fake - real).mean()


def generator_loss__infinities_replaced(logits_fake):
    """Minus infinity becomes the smallest float, of which the mean overflows again.

    May be named: generator-loss-naive.
    """
    return -torch.log(torch.sigmoid(logits_fake)).nan_to_num().mean()


def generator_loss__detached_at_the_end(logits_fake):
    """Detaches the loss.

    May be named: generator-loss-detached.
    """
    return F.softplus(-logits_fake).mean().detach()


def generator_loss__made_anew(logits_fake):
    """A new tensor of the right value, which asks for a gradient.

    May be named: generator-loss-detached.
    """
    return torch.tensor(F.softplus(-logits_fake).mean().item(), requires_grad=True)


def generator_loss__zero(logits_fake):
    """Nothing is computed: the number 0.

    May be named: generator-loss-item.
    """
    loss = 0
    return loss


def generator_loss__misspelt(logits_fake):
    """A name with a letter too many."""
    return F.softplus(-logits_fakes).mean()  # noqa: F821


def generator_loss__smallest(logits_fake):
    """The smallest loss of the minibatch."""
    return F.softplus(-logits_fake).min()


def generator_loss__of_the_mean(logits_fake):
    """The loss of the mean score."""
    return F.softplus(-logits_fake.mean())


def ls_generator_loss__zero(scores_fake):
    """Nothing is computed: the number 0.

    May be named: ls-generator-item.
    """
    loss = 0
    return loss


def ls_generator_loss__numpy(scores_fake):
    """Computed in NumPy."""
    return 0.5 * np.mean((scores_fake.detach().numpy() - 1) ** 2)


def ls_generator_loss__huber(scores_fake):
    """Squares near 1, and straight lines further away."""
    return F.smooth_l1_loss(scores_fake, torch.ones_like(scores_fake))


def ls_generator_loss__another_name(scores_fake):
    """Another name that PyTorch does not have."""
    return 0.5 * torch.sqr(scores_fake - 1).mean()


def ls_generator_loss__unbiased(scores_fake):
    """Divides by N - 1."""
    return 0.5 * ((scores_fake - 1) ** 2).sum() / (len(scores_fake) - 1)


def ls_discriminator_loss__zero(scores_real, scores_fake):
    """Nothing is computed: the number 0.

    May be named: ls-discriminator-item.
    """
    return 0


def ls_discriminator_loss__comma(scores_real, scores_fake):
    """Right, but a comma at the end makes a tuple of it.

    May be named: ls-discriminator-pair.
    """
    real, fake = _squares(scores_real, scores_fake)
    return (real + fake,)


def ls_discriminator_loss__numpy_at_the_end(scores_real, scores_fake):
    """Computed in PyTorch, and turned into an array at the end.

    May be named: ls-discriminator-numpy.
    """
    return sum(_squares(scores_real, scores_fake)).detach().numpy()


def ls_discriminator_loss__number_of_the_real_term(scores_real, scores_fake):
    """The term of real images becomes a number.

    May be named: ls-discriminator-detached-real.
    """
    real, fake = _squares(scores_real, scores_fake)
    return real.item() + fake


def ls_discriminator_loss__spread(scores_real, scores_fake):
    """The generated scores' variance in place of their mean square."""
    return 0.5 * ((scores_real - 1) ** 2).mean() + 0.5 * scores_fake.var()


def ls_discriminator_loss__larger_term(scores_real, scores_fake):
    """The larger one of the two terms.

    May be named: ls-discriminator-real-only.
    """
    return torch.max(*_squares(scores_real, scores_fake))

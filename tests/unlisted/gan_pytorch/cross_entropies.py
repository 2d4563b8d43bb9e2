"""Wrong cross-entropies."""

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn


def bce_loss__arguments_swapped(input, target):
    """Labels and scores have changed places."""
    return F.binary_cross_entropy_with_logits(target, input)


def bce_loss__squared_error(input, target):
    """A squared error of the probability.

    May be named: bce-squared-error.
    """
    return ((torch.sigmoid(input) - target) ** 2).mean()


def bce_loss__sigmoid_twice(input, target):
    """Applies a sigmoid, and then takes the loss for logits.

    May be named: bce-sigmoid-twice.
    """
    return F.binary_cross_entropy_with_logits(torch.sigmoid(input), target)


def bce_loss__positive_only(input, target):
    """Only the term of the label 1.

    May be named: bce-positive-term-only.
    """
    return (target * F.softplus(-input)).mean()


def bce_loss__no_minus(input, target):
    """The minus in front is missing.

    May be named: bce-negated.
    """
    return (target * F.logsigmoid(input) + (1 - target) * F.logsigmoid(-input)).mean()


def bce_loss__one_minus(input, target):
    """The minus reaches only the first term."""
    return (-target * F.logsigmoid(input) + (1 - target) * F.logsigmoid(-input)).mean()


def bce_loss__abs_forgotten(input, target):
    """The stable formula without its absolute value: overflows for very negative scores."""
    return (input.clamp(min=0) - input * target + torch.log(1 + torch.exp(-input))).mean()


def bce_loss__abs_positive(input, target):
    """The stable formula with exp(|s|) in place of exp(-|s|)."""
    return (input.clamp(min=0) - input * target + (1 + input.abs().exp()).log()).mean()


def bce_loss__clamp_the_wrong_way(input, target):
    """min(s, 0) in place of max(s, 0)."""
    return (input.clamp(max=0) - input * target + (1 + (-input.abs()).exp()).log()).mean()


def bce_loss__labels_not_used(input, target):
    """Leaves the product with the labels out.

    May be named: bce-label-ignored.
    """
    return F.softplus(input).mean()


def bce_loss__added_up(input, target):
    """A sum over the minibatch.

    May be named: bce-sum.
    """
    return F.binary_cross_entropy_with_logits(input, target, reduction="sum")


def bce_loss__not_reduced(input, target):
    """One loss for each image.

    May be named: bce-not-reduced.
    """
    return F.binary_cross_entropy_with_logits(input, target, reduction="none")


def bce_loss__base_two(input, target):
    """Logarithms to the base 2.

    May be named: bce-two-logarithm.
    """
    return F.binary_cross_entropy_with_logits(input, target) / math.log(2)


def bce_loss__n_minus_one(input, target):
    """Divides by N - 1."""
    losses = F.softplus(input) - target * input
    return losses.sum() / (losses.numel() - 1)


def bce_loss__eight_in_a_minibatch(input, target):
    """Divides by a fixed 64.

    May be named: bce-doubled.
    """
    return (F.softplus(input) - target * input).sum() / 64


def bce_loss__positive_weight(input, target):
    """Weighs the label 1 twice."""
    return nn.BCEWithLogitsLoss(pos_weight=torch.tensor(2.0))(input, target)


def bce_loss__smooth_labels(input, target):
    """Smooths the labels to 0.9 and 0.05."""
    return F.binary_cross_entropy_with_logits(input, target * 0.85 + 0.05)


def bce_loss__small_number_in_the_log(input, target):
    """Adds 1e-8 inside of the logarithms, too little for float32.

    May be named: bce-epsilon.
    """
    p = torch.sigmoid(input)
    return -(target * torch.log(p + 1e-8) + (1 - target) * torch.log(1 - p + 1e-8)).mean()


def bce_loss__clamped_scores(input, target):
    """Clamps the scores to [-10, 10]: no gradient beyond.

    May be named: bce-scores-clamped.
    """
    return F.binary_cross_entropy_with_logits(input.clamp(-10, 10), target)


def bce_loss__a_number(input, target):
    """Returns a Python number.

    May be named: bce-item.
    """
    return F.binary_cross_entropy_with_logits(input, target).item()


def bce_loss__over_the_minibatch(input, target):
    """A softmax over the minibatch."""
    return -(target * F.log_softmax(input, dim=0)).sum() / target.sum()


def bce_loss__decided(input, target):
    """Compares decisions with labels: no gradient."""
    return ((input > 0).float() - target).abs().mean()


def bce_loss__hinge(input, target):
    """A hinge loss.

    May be named: bce-hinge.
    """
    return F.relu(1 - (2 * target - 1) * input).mean()


def bce_loss__halved(input, target):
    """Half of it.

    May be named: bce-halved.
    """
    return 0.5 * F.binary_cross_entropy_with_logits(input, target)


def bce_loss__sigmoid_of_the_other_sign(input, target):
    """A sign slip inside of the softplus."""
    return (F.softplus(-input) - target * input).mean()


def bce_loss__spread_and_weighed(input, target):
    """Every score meets every label, and the labels weigh by position.

    May be named: bce-broadcast.
    """
    pairs = F.softplus(input.reshape(-1, 1)) - target.reshape(1, -1) * input.reshape(-1, 1)
    return pairs.mean()

"""Wrong discriminators."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn


def _chain(act, *last, sizes=(784, 256, 256, 1)):
    a, b, c, d = sizes
    return nn.Sequential(
        nn.Flatten(), nn.Linear(a, b), act(), nn.Linear(b, c), act(), nn.Linear(c, d), *last
    )


def _leaky():
    return nn.LeakyReLU(0.01)


def discriminator__slope_a_tenth(seed=None):
    """Slope 0.1 in place of 0.01.

    May be named: discriminator-slope-0.1.
    """
    return _chain(lambda: nn.LeakyReLU(0.1))


def discriminator__slope_of_256(seed=None):
    """Takes LeakyReLU's argument for the number of units: a slope of 256."""
    return _chain(lambda: nn.LeakyReLU(256))


def discriminator__negative_slope_taken_literally(seed=None):
    """Slope -0.01: the name `negative_slope` taken literally."""
    return _chain(lambda: nn.LeakyReLU(negative_slope=-0.01))


def discriminator__tanh_inside(seed=None):
    """Tanh between the layers.

    May be named: discriminator-tanh.
    """
    return _chain(nn.Tanh)


def discriminator__elu_inside(seed=None):
    """ELU between the layers.

    May be named: discriminator-elu.
    """
    return _chain(nn.ELU)


def discriminator__half_as_wide(seed=None):
    """Hidden layers of 128 units.

    May be named: discriminator-narrow.
    """
    return _chain(_leaky, sizes=(784, 128, 128, 1))


def discriminator__pyramid(seed=None):
    """Hidden layers of 512 and 256 units."""
    return _chain(_leaky, sizes=(784, 512, 256, 1))


def discriminator__two_scores(seed=None):
    """Two scores for each image, one for each class.

    May be named: discriminator-two-scores.
    """
    return _chain(_leaky, sizes=(784, 256, 256, 2))


def discriminator__dropout_inside(seed=None):
    """Dropout after the first activation."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Dropout(0.3),
        nn.Linear(256, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1),
    )  # fmt: skip


def discriminator__one_activation_missing(seed=None):
    """No activation between the second and the third linear layer.

    May be named: discriminator-no-second-activation.
    """
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256),
        nn.Linear(256, 1),
    )


def discriminator__softmax_of_one(seed=None):
    """A softmax over one score: always 1.

    May be named: discriminator-softmax-end.
    """
    return _chain(_leaky, nn.Softmax(dim=1))


def discriminator__log_sigmoid_last(seed=None):
    """Returns log D(x) in place of the logit.

    May be named: discriminator-logsigmoid-end.
    """
    return _chain(_leaky, nn.LogSigmoid())


def discriminator__leaky_last(seed=None):
    """An activation behind the last layer, too.

    May be named: discriminator-activation-end.
    """
    return _chain(_leaky, nn.LeakyReLU(0.01))


def discriminator__tanh_last(seed=None):
    """Scores squeezed into (-1, 1).

    May be named: discriminator-tanh-end.
    """
    return _chain(_leaky, nn.Tanh())


def discriminator__no_last_bias(seed=None):
    """The last layer has no bias.

    May be named: discriminator-no-last-bias.
    """
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
        nn.LeakyReLU(0.01), nn.Linear(256, 1, bias=False),
    )  # fmt: skip


def discriminator__normed(seed=None):
    """A BatchNorm after the first layer."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.BatchNorm1d(256), nn.LeakyReLU(0.01),
        nn.Linear(256, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1),
    )  # fmt: skip


def discriminator__middle_layer_missing(seed=None):
    """Only 784 -> 256 -> 1.

    May be named: discriminator-layer-missing.
    """
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1))


def discriminator__one_layer_too_many(seed=None):
    """A third hidden layer.

    May be named: discriminator-layer-too-many.
    """
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
        nn.LeakyReLU(0.01), nn.Linear(256, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1),
    )  # fmt: skip


class _Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 256)
        self.second = nn.Linear(256, 256)
        self.last = nn.Linear(256, 1)

    def hidden(self, x):
        x = F.leaky_relu(self.first(x.flatten(1)), 0.01)
        return F.leaky_relu(self.second(x), 0.01)

    def forward(self, x):
        return self.last(self.hidden(x))


class _MiddleTwice(_Own):
    def hidden(self, x):
        return F.leaky_relu(self.second(super().hidden(x)), 0.01)


def discriminator__middle_layer_twice(seed=None):
    """The middle layer is used twice."""
    return _MiddleTwice()


class _Residual(_Own):
    def hidden(self, x):
        x = F.leaky_relu(self.first(x.flatten(1)), 0.01)
        return x + F.leaky_relu(self.second(x), 0.01)


def discriminator__shortcut(seed=None):
    """A shortcut around the middle layer, as in another course's chapter."""
    return _Residual()


class _Bytes(_Own):
    def forward(self, x):
        return super().forward(x / 255.0)


def discriminator__pixels_divided(seed=None):
    """Divides pixels by 255, which are in [-1, 1] already."""
    return _Bytes()


class _Rescaled(_Own):
    def forward(self, x):
        return super().forward(2 * x - 1)


def discriminator__rescaled_again(seed=None):
    """Rescales the images a second time, in the network.

    May be named: discriminator-rescales-again.
    """
    return _Rescaled()


class _BatchMean(_Own):
    def forward(self, x):
        return super().forward(x).mean(0, keepdim=True)


def discriminator__mean_over_the_minibatch(seed=None):
    """Returns the minibatch's mean score.

    May be named: discriminator-averaged.
    """
    return _BatchMean()


class _NoGrad(_Own):
    def forward(self, x):
        with torch.no_grad():
            return super().forward(x)


def discriminator__without_grad(seed=None):
    """Runs forward under no_grad.

    May be named: discriminator-detached.
    """
    return _NoGrad()


def discriminator__frozen(seed=None):
    """All weights are frozen."""
    network = _Own()
    for weight in network.parameters():
        weight.requires_grad = False
    return network


def discriminator__whole_minibatch_flattened(seed=None):
    """Flattens the minibatch's dimension, too."""
    return nn.Sequential(
        nn.Flatten(0), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
        nn.LeakyReLU(0.01), nn.Linear(256, 1),
    )  # fmt: skip


def discriminator__the_class_itself(seed=None):
    """Returns the class, not an object of it.

    May be named: discriminator-class.
    """
    return _Own


class _Forgotten(_Own):
    def forward(self, x):
        x = x.flatten(1)
        F.leaky_relu(self.first(x), 0.01)
        return self.last(self.second(self.first(x)))


def discriminator__activation_thrown_away(seed=None):
    """Calls the activation and throws its result away.

    May be named: discriminator-linear.
    """
    return _Forgotten()


def discriminator__seeded_always(seed=None):
    """Seeds with 0 where no seed is given: each discriminator is the same.

    May be named: discriminator-seeded.
    """
    torch.manual_seed(seed or 0)
    return _Own()

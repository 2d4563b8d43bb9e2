"""Wrong networks of two dimensions that are in no list of mistakes."""

import torch
from torch import nn


def net_G__two_layers():
    """A hidden layer of 5 with a Tanh was put in, as in the discriminator.

    May be named: g-hidden-layer.
    """
    return nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 2))


def net_G__to_one_dimension():
    """The layer goes 2 -> 1, as if points were numbers.

    May be named: g-one-output.
    """
    return nn.Sequential(nn.Linear(2, 1))


def net_G__elementwise():
    """A scale and a shift of each coordinate, in place of a linear layer: the cloud cannot turn."""

    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2))
            self.bias = nn.Parameter(torch.zeros(2))

        def forward(self, x):
            return x * self.weight + self.bias

    return Scale()


def net_G__batch_norm_behind():
    """A batch normalization follows the linear layer, as the image generators have it.

    May be named: g-batch-norm.
    """
    return nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))


def net_G__called_at_once():
    """Returns what the layer made of some noise, not the layer."""
    net = nn.Linear(2, 2)
    return net(torch.randn(8, 2))


def net_G__forward_without_return():
    """The class's forward forgets to return."""

    class Generator(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 2)

        def forward(self, x):
            self.layer(x)

    return Generator()


def net_D__sizes_swapped():
    """The hidden layers are 3 and 5 wide, not 5 and 3.

    May be named: d-widths-swapped.
    """
    return nn.Sequential(
        nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1)
    )


def net_D__one_hidden_layer():
    """The second hidden layer is missing.

    May be named: d-one-hidden-layer.
    """
    return nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 1))


def net_D__tanh_only_once():
    """Tanh stands only between the first two layers.

    May be named: d-second-activation-missing.
    """
    return nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Linear(3, 1))


def net_D__leaky_and_sigmoid():
    """LeakyReLU(0.2) in place of both Tanh, and a sigmoid behind.

    May be named: d-leaky-relu-steep.
    """
    return nn.Sequential(
        nn.Linear(2, 5),
        nn.LeakyReLU(0.2),
        nn.Linear(5, 3),
        nn.LeakyReLU(0.2),
        nn.Linear(3, 1),
        nn.Sigmoid(),
    )


def net_D__tanh_then_sigmoid():
    """A third Tanh stands before the sigmoid.

    May be named: d-tanh-at-the-end.
    """
    return nn.Sequential(
        nn.Linear(2, 5),
        nn.Tanh(),
        nn.Linear(5, 3),
        nn.Tanh(),
        nn.Linear(3, 1),
        nn.Tanh(),
        nn.Sigmoid(),
    )


def net_D__dropout():
    """Dropout behind each Tanh, from a tutorial on images."""
    return nn.Sequential(
        nn.Linear(2, 5),
        nn.Tanh(),
        nn.Dropout(0.3),
        nn.Linear(5, 3),
        nn.Tanh(),
        nn.Dropout(0.3),
        nn.Linear(3, 1),
    )


def net_D__softmax_of_two():
    """Two outputs and a softmax, as a classifier of two classes."""
    return nn.Sequential(
        nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 2), nn.Softmax(dim=1)
    )


def net_D__mean_over_the_batch():
    """The class's forward returns the mean score of the minibatch."""

    class Discriminator(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(
                nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 1)
            )

        def forward(self, x):
            return self.layers(x).mean()

    return Discriminator()


def net_D__layers_in_a_plain_list():
    """The layers are kept in a Python list, where PyTorch does not find their parameters."""

    class Discriminator(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Linear(2, 5), nn.Linear(5, 3)]
            self.last = nn.Linear(3, 1)

        def forward(self, x):
            for layer in self.layers:
                x = torch.tanh(layer(x))
            return self.last(x)

    return Discriminator()


def net_D__no_bias_in_the_last():
    """The last layer has no bias."""
    return nn.Sequential(
        nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 1, bias=False)
    )


def net_D__five_wide_twice():
    """Both hidden layers are 5 wide.

    May be named: d-wide.
    """
    return nn.Sequential(
        nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 1)
    )

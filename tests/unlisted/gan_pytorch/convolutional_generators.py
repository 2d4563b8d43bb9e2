"""Wrong convolutional generators."""

import torch
from torch import nn


def _generator(
    noise_dim, act=nn.ReLU, last=nn.Tanh, first=128, second=64, kernel=4, padding=1, bias=True,
    norm1=nn.BatchNorm1d, norm2=nn.BatchNorm2d, extra=0,
):  # fmt: skip
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), act(), norm1(1024), nn.Linear(1024, first * 49), act(),
        norm1(first * 49), nn.Unflatten(1, (first, 7, 7)),
        nn.ConvTranspose2d(first, second, kernel, 2, padding, extra, bias=bias), act(),
        norm2(second), nn.ConvTranspose2d(second, 1, kernel, 2, padding, extra, bias=bias), last(),
        nn.Flatten(),
    )  # fmt: skip


def build_dc_generator__leaky(noise_dim=96):
    """LeakyReLU in place of ReLU.

    May be named: dc-generator-leaky.
    """
    return _generator(noise_dim, act=lambda: nn.LeakyReLU(0.01))


def build_dc_generator__sigmoid_last(noise_dim=96):
    """A sigmoid in place of the Tanh.

    May be named: dc-generator-sigmoid-end.
    """
    return _generator(noise_dim, last=nn.Sigmoid)


def build_dc_generator__nothing_last(noise_dim=96):
    """The Tanh is missing.

    May be named: dc-generator-no-tanh.
    """
    return _generator(noise_dim, last=nn.Identity)


def build_dc_generator__no_norms(noise_dim=96):
    """No BatchNorm anywhere.

    May be named: dc-generator-no-norms.
    """
    return _generator(noise_dim, norm1=nn.Identity, norm2=nn.Identity)


def build_dc_generator__no_norm_on_maps(noise_dim=96):
    """The last BatchNorm is missing.

    May be named: dc-generator-no-third-norm.
    """
    return _generator(noise_dim, norm2=nn.Identity)


def build_dc_generator__epsilon_of_tutorials(noise_dim=96):
    """eps = 0.8, where momentum was meant."""
    return _generator(noise_dim, norm1=lambda n: nn.BatchNorm1d(n, 0.8))


def build_dc_generator__norms_without_weights(noise_dim=96):
    """BatchNorms that learn nothing.

    May be named: dc-generator-norm-not-affine.
    """
    return _generator(
        noise_dim,
        norm1=lambda n: nn.BatchNorm1d(n, affine=False),
        norm2=lambda n: nn.BatchNorm2d(n, affine=False),
    )


def build_dc_generator__instance_norm(noise_dim=96):
    """InstanceNorm on the maps.

    May be named: dc-generator-instancenorm.
    """
    return _generator(noise_dim, norm2=lambda n: nn.InstanceNorm2d(n, affine=True))


def build_dc_generator__layer_norm(noise_dim=96):
    """LayerNorm on the vectors."""
    return _generator(noise_dim, norm1=nn.LayerNorm)


def build_dc_generator__five_by_five(noise_dim=96):
    """Kernels of 5x5, and sizes that fit all the same.

    May be named: dc-generator-kernel-5.
    """
    return _generator(noise_dim, kernel=5, padding=2, extra=1)


def build_dc_generator__padding_forgotten(noise_dim=96):
    """No padding: images of 34x34.

    May be named: dc-generator-no-padding.
    """
    return _generator(noise_dim, padding=0)


def build_dc_generator__twice_the_filters(noise_dim=96):
    """256 maps, then 128."""
    return _generator(noise_dim, first=256, second=128)


def build_dc_generator__no_biases(noise_dim=96):
    """The transposed convolutions have no biases.

    May be named: dc-generator-no-convolution-bias.
    """
    return _generator(noise_dim, bias=False)


def build_dc_generator__always_96(noise_dim=96):
    """Ignores noise_dim.

    May be named: dc-generator-fixed-noise-dim.
    """
    return _generator(96)


def build_dc_generator__evaluating(noise_dim=96):
    """Returned in evaluation mode.

    May be named: dc-generator-eval-mode.
    """
    return _generator(noise_dim).eval()


def build_dc_generator__dropout(noise_dim=96):
    """Dropout on the maps."""
    return _generator(noise_dim, act=lambda: nn.Sequential(nn.ReLU(), nn.Dropout(0.2)))


def build_dc_generator__norm_before_relu(noise_dim=96):
    """BatchNorm comes before each ReLU.

    May be named: dc-generator-norm-before-relu.
    """
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.BatchNorm1d(1024), nn.ReLU(), nn.Linear(1024, 6272),
        nn.BatchNorm1d(6272), nn.ReLU(), nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten(),
    )  # fmt: skip


class _ChannelsLast(nn.Module):
    def forward(self, x):
        return x.reshape(-1, 7, 7, 128).permute(0, 3, 1, 2)


def build_dc_generator__channels_last(noise_dim=96):
    """Takes the vector for (7, 7, 128).

    May be named: dc-generator-channels-last.
    """
    layers = list(_generator(noise_dim))
    layers[6] = _ChannelsLast()
    return nn.Sequential(*layers)


def build_dc_generator__enlarged(noise_dim=96):
    """Enlarges the maps and convolves, in place of transposed convolutions.

    May be named: dc-generator-upsampling.
    """
    layers = list(_generator(noise_dim))
    layers[7] = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(128, 64, 3, padding=1))
    layers[10] = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(64, 1, 3, padding=1))
    return nn.Sequential(*layers)


def build_dc_generator__relu_missing(noise_dim=96):
    """One ReLU is missing, the one on the maps.

    May be named: dc-generator-no-third-relu.
    """
    layers = list(_generator(noise_dim))
    return nn.Sequential(*layers[:8], *layers[9:])


def build_dc_generator__three_dimensional_norm(noise_dim=96):
    """BatchNorm1d on the maps: an error."""
    return _generator(noise_dim, norm2=nn.BatchNorm1d)


def build_dc_generator__wrong_reshape(noise_dim=96):
    """Unflattens to (64, 7, 7): the numbers do not fit."""
    layers = list(_generator(noise_dim))
    layers[6] = nn.Unflatten(1, (64, 7, 7))
    return nn.Sequential(*layers)


def build_dc_generator__plain_convolutions(noise_dim=96):
    """Ordinary convolutions: the images shrink."""
    layers = list(_generator(noise_dim))
    layers[7] = nn.Conv2d(128, 64, 4, 2, 1)
    layers[10] = nn.Conv2d(64, 1, 3, 1, 1)
    return nn.Sequential(*layers)


def build_dc_generator__detached_half(noise_dim=96):
    """Detaches between the linear layers and the convolutions."""

    class Cut(nn.Module):
        def forward(self, x):
            return x.detach()

    layers = list(_generator(noise_dim))
    return nn.Sequential(*layers[:7], Cut(), *layers[7:])


def build_dc_generator__tanh_inside(noise_dim=96):
    """Tanh in place of each ReLU.

    May be named: dc-generator-tanh-hidden.
    """
    return _generator(noise_dim, act=nn.Tanh)


def build_dc_generator__normal_images(noise_dim=96):
    """Adds noise to the images."""

    class Grain(nn.Module):
        def forward(self, x):
            return x + 0.01 * torch.randn_like(x)

    return nn.Sequential(_generator(noise_dim), Grain())

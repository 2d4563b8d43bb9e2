"""Wrong networks that are in no list of mistakes."""

import torch
import torch.nn as nn


def net_G__last_is_a_block():
    """The last layer is a block too: BatchNorm and ReLU before Tanh, so images are never dark.

    May be named: net-g-last-block.
    """
    return nn.Sequential(
        G_block(512, 100, strides=1, padding=0),
        G_block(256, 512),
        G_block(128, 256),
        G_block(64, 128),
        G_block(3, 64),
        nn.Tanh(),
    )


def net_G__one_block_short():
    """One block is missing: images come out 32x32."""
    return nn.Sequential(
        G_block(512, 100, strides=1, padding=0),
        G_block(256, 512),
        G_block(128, 256),
        nn.ConvTranspose2d(128, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


def net_G__first_block_with_defaults():
    """The first block has stride 2 and padding 1 like the others: sides go 1 -> 2 -> ... -> 32.

    May be named: net-g-first-block-default.
    """
    return nn.Sequential(
        G_block(512, 100),
        G_block(256, 512),
        G_block(128, 256),
        G_block(64, 128),
        nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


def net_G__widths_upside_down():
    """Channels grow toward the image, as in a discriminator."""
    return nn.Sequential(
        G_block(64, 100, strides=1, padding=0),
        G_block(128, 64),
        G_block(256, 128),
        G_block(512, 256),
        nn.ConvTranspose2d(512, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


def net_G__halved_widths():
    """Half as many channels in each block.

    May be named: net-g-narrow.
    """
    return nn.Sequential(
        G_block(256, 100, strides=1, padding=0),
        G_block(128, 256),
        G_block(64, 128),
        G_block(32, 64),
        nn.ConvTranspose2d(32, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


def net_G__pixels_of_zero_and_one():
    """Tanh is moved to [0, 1] at the end."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.main = nn.Sequential(
                G_block(512, 100, strides=1, padding=0),
                G_block(256, 512),
                G_block(128, 256),
                G_block(64, 128),
                nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False),
                nn.Tanh(),
            )

        def forward(self, z):
            return (self.main(z) + 1) / 2

    return Net()


def net_G__in_eval_mode():
    """The network is returned in evaluation mode.

    May be named: net-g-evaluation-mode.
    """
    net = nn.Sequential(
        G_block(512, 100, strides=1, padding=0),
        G_block(256, 512),
        G_block(128, 256),
        G_block(64, 128),
        nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )
    return net.eval()


def net_G__blocks_hidden_in_a_list():
    """The blocks are kept in a plain list, so the network does not know their parameters."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.blocks = [
                G_block(512, 100, strides=1, padding=0),
                G_block(256, 512),
                G_block(128, 256),
                G_block(64, 128),
            ]
            self.last = nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False)

        def forward(self, z):
            for block in self.blocks:
                z = block(z)
            return torch.tanh(self.last(z))

    return Net()


def net_G__tanh_and_bias_forgotten():
    """Two slips: no Tanh, and the last transposed convolution has a bias."""
    return nn.Sequential(
        G_block(512, 100, strides=1, padding=0),
        G_block(256, 512),
        G_block(128, 256),
        G_block(64, 128),
        nn.ConvTranspose2d(64, 3, 4, 2, 1),
    )


def net_D__first_block_without_norm():
    """The first block has no BatchNorm, as the paper has it, and the docstring has not.

    May be named: net-d-first-without-norm.
    """
    return nn.Sequential(
        nn.Conv2d(3, 64, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, 4, bias=False),
    )


def net_D__last_padded():
    """The last convolution has stride 2 and padding 1: four scores for each image.

    May be named: net-d-last-padding.
    """
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, 4, 2, 1, bias=False),
    )


def net_D__linear_head():
    """A linear layer with a bias gives the score instead of a convolution."""
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Flatten(),
        nn.Linear(512 * 4 * 4, 1),
    )


def net_D__pooled_to_a_score():
    """The mean over the last images takes the place of the convolution 4x4."""
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, 1, bias=False),
        nn.AdaptiveAvgPool2d(1),
    )


def net_D__narrow_last_block():
    """The fourth block has 256 channels where 512 are asked.

    May be named: net-d-narrow.
    """
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(256, 256),
        nn.Conv2d(256, 1, 4, bias=False),
    )


def net_D__log_sigmoid():
    """Logarithms of probabilities come out, not logits."""
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, 4, bias=False),
        nn.LogSigmoid(),
    )


def net_D__one_score_for_all():
    """The scores are averaged over the minibatch."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.main = nn.Sequential(
                D_block(64),
                D_block(128, 64),
                D_block(256, 128),
                D_block(512, 256),
                nn.Conv2d(512, 1, 4, bias=False),
            )

        def forward(self, x):
            return self.main(x).mean()

    return Net()


def net_D__grey():
    """The first block takes images of one channel, copied from a notebook on digits."""
    return nn.Sequential(
        D_block(64, 1),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, 4, bias=False),
    )


def net_D__slope_of_pytorch():
    """The blocks are given PyTorch's own slope, 0.01.

    May be named: net-d-slope.
    """
    return nn.Sequential(
        D_block(64, alpha=0.01),
        D_block(128, 64, alpha=0.01),
        D_block(256, 128, alpha=0.01),
        D_block(512, 256, alpha=0.01),
        nn.Conv2d(512, 1, 4, bias=False),
    )


def net_D__activation_at_the_end():
    """LeakyReLU follows the last convolution too."""
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        nn.Conv2d(512, 1, 4, bias=False),
        nn.LeakyReLU(0.2),
    )


def net_D__norm_at_the_end():
    """The last convolution is a block of its own kind: BatchNorm over the scores.

    May be named: net-d-last-block.
    """
    return nn.Sequential(
        D_block(64),
        D_block(128, 64),
        D_block(256, 128),
        D_block(512, 256),
        D_block(1, 512, strides=1, padding=0),
    )


def faces_net_G__no_norm_at_the_end():
    """The last transposed convolution has no BatchNorm, like that of `net_G`, and has a bias."""
    return nn.Sequential(
        G_block(1024, 100, strides=1, padding=0),
        G_block(512, 1024),
        G_block(256, 512),
        G_block(128, 256),
        nn.ConvTranspose2d(128, 3, kernel_size=4, stride=2, padding=1),
        nn.Tanh(),
    )


def faces_net_G__widths_of_net_g():
    """The widths of `net_G`: 512, 256, 128, 64."""
    return nn.Sequential(
        G_block(512, 100, strides=1, padding=0),
        G_block(256, 512),
        G_block(128, 256),
        G_block(64, 128),
        nn.ConvTranspose2d(64, 3, kernel_size=4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(3),
        nn.Tanh(),
    )


def faces_net_G__tanh_before_norm():
    """Tanh comes before the last BatchNorm: images leave [-1, 1].

    May be named: faces-g-norm-after-tanh.
    """
    return nn.Sequential(
        G_block(1024, 100, strides=1, padding=0),
        G_block(512, 1024),
        G_block(256, 512),
        G_block(128, 256),
        nn.ConvTranspose2d(128, 3, kernel_size=4, stride=2, padding=1, bias=False),
        nn.Tanh(),
        nn.BatchNorm2d(3),
    )


def _step(i, o, stride, **options):
    return [nn.Conv2d(i, o, 4, stride, **options), nn.BatchNorm2d(o), nn.LeakyReLU(0.2)]


def faces_net_D__all_of_stride_two():
    """The third convolution has stride 2 like the others, and the last stride 1 to fit."""
    return nn.Sequential(
        *_step(3, 32, 2),
        *_step(32, 64, 2),
        *_step(64, 128, 2),
        *_step(128, 128, 1),
        nn.Conv2d(128, 1, 2),
        nn.Flatten(),
    )


def faces_net_D__without_biases():
    """All convolutions go without bias, as in `net_D`."""
    return nn.Sequential(
        *_step(3, 32, 2, bias=False),
        *_step(32, 64, 2, bias=False),
        *_step(64, 128, 1, bias=False),
        *_step(128, 128, 2, bias=False),
        nn.Conv2d(128, 1, 4, bias=False),
        nn.Flatten(),
    )


def faces_net_D__padded():
    """The blocks pad by 1, so the sides are others, and a mean over the rest hides it."""
    return nn.Sequential(
        *_step(3, 32, 2, padding=1),
        *_step(32, 64, 2, padding=1),
        *_step(64, 128, 1, padding=1),
        *_step(128, 128, 2, padding=1),
        nn.Conv2d(128, 1, 4),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )


def faces_net_D__norm_after_the_last():
    """A BatchNorm stands after the last convolution too.

    May be named: faces-d-norm-on-scores.
    """
    return nn.Sequential(
        *_step(3, 32, 2),
        *_step(32, 64, 2),
        *_step(64, 128, 1),
        *_step(128, 128, 2),
        nn.Conv2d(128, 1, 4, 2),
        nn.BatchNorm2d(1),
        nn.Flatten(),
    )

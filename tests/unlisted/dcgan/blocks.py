"""Wrong blocks that are in no list of mistakes."""

import torch
import torch.nn as nn
import torch.nn.functional as F  # noqa: N812


class G_block__instance_norm(nn.Module):
    """InstanceNorm2d stands where BatchNorm2d is asked for."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.norm = nn.InstanceNorm2d(out_channels, affine=True)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class G_block__leaky_as_in_d(nn.Module):
    """LeakyReLU with slope 0.2, copied from the discriminator's block.

    May be named: g-block-leaky.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.leaky_relu(self.bn(self.conv(x)), 0.2)


class G_block__upsampled(nn.Module):
    """Upsampling and an ordinary convolution 3x3, as other tutorials have it."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.up = nn.Upsample(scale_factor=strides if strides > 1 else 4)
        self.conv = nn.Conv2d(in_channels, out_channels, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(self.up(x))))


class G_block__kernel_and_strides_fixed(nn.Module):
    """Kernel size, stride and padding are fixed: the arguments are not used.

    May be named: g-block-fixed-padding.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(in_channels, out_channels, 4, 2, 1, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class G_block__arguments_slip_by_one(nn.Module):
    """Strides and padding are passed in each other's place.

    May be named: g-block-swapped-arguments.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, padding, strides, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class G_block__norm_built_but_not_used(nn.Module):
    """BatchNorm is built in __init__ and forgotten in forward.

    May be named: g-block-no-norm.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv2d_trans = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.batch_norm = nn.BatchNorm2d(out_channels)
        self.activation = nn.ReLU()

    def forward(self, X):
        return self.activation(self.conv2d_trans(X))


class G_block__no_running_statistics(nn.Module):
    """BatchNorm keeps no running statistics and has no parameters.

    May be named: g-block-frozen-norm.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels, affine=False, track_running_stats=False)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class G_block__forward_returns_nothing(nn.Module):
    """The result of forward is computed and not returned."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        x = self.conv(x)
        x = self.bn(x)
        x = torch.relu(x)


class G_block__kernel_three(nn.Module):
    """A kernel 3x3 with output_padding, from another tutorial; sizes fit, numbers don't."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        extra = 1 if strides == 2 else 0
        kernel = 3 if strides == 2 else 4
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel, strides, padding, output_padding=extra, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class G_block__relu_first(nn.Module):
    """The activation comes first, before the transposed convolution."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return self.bn(self.conv(F.relu(x)))


class G_block__dropout(nn.Module):
    """Dropout after the activation, as pix2pix has it."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(F.relu(self.bn(self.conv(x))))


class G_block__wrong_momentum(nn.Module):
    """The momentum of another framework: 0.99 is how much the newest minibatch counts."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels, momentum=0.99)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class D_block__slope_tenfold(nn.Module):
    """The slope is a constant 0.1: alpha is not used."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class D_block__alpha_not_used(nn.Module):
    """The slope is 0.2 whatever alpha is.

    May be named: d-block-fixed-slope.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return F.leaky_relu(self.bn(self.conv(x)), 0.2)


class D_block__elu(nn.Module):
    """ELU with alpha: another activation that has an argument of this name."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)
        self.act = nn.ELU(alpha)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class D_block__pooled(nn.Module):
    """Stride 1 and a pooling layer stand in for stride 2."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, 1, padding, bias=False)
        self.pool = nn.MaxPool2d(strides)
        self.bn = nn.BatchNorm2d(out_channels)
        self.alpha = alpha

    def forward(self, x):
        return F.leaky_relu(self.bn(self.pool(self.conv(x))), self.alpha)


class D_block__norm_of_the_input(nn.Module):
    """BatchNorm comes before the convolution and has the input's channels."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.bn = nn.BatchNorm2d(in_channels)
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.act = nn.LeakyReLU(alpha)

    def forward(self, x):
        return self.act(self.conv(self.bn(x)))


class D_block__transposed(nn.Module):
    """A transposed convolution, copied from the generator's block.

    May be named: d-block-transposed.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size, strides, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels)
        self.act = nn.LeakyReLU(alpha)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class D_block__channels_in_the_other_order(nn.Module):
    """in_channels and out_channels change places.

    May be named: d-block-swapped-channels.
    """

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(out_channels, in_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(in_channels)
        self.act = nn.LeakyReLU(alpha)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class D_block__activation_twice(nn.Module):
    """The activation is applied both before and after BatchNorm."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)
        self.act = nn.LeakyReLU(alpha)

    def forward(self, x):
        x = self.act(self.conv(x))
        return self.act(self.bn(x))


class D_block__bias_and_relu(nn.Module):
    """Two slips: the convolution has a bias, and ReLU stands for LeakyReLU."""

    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))

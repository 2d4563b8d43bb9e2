"""Wrong init_weights that are in no list of mistakes."""

import torch
import torch.nn as nn


def init_weights__or_without_type(m):
    """`type(m) == A or B` is always true: modules without a weight end in an AttributeError."""
    if type(m) == nn.Conv2d or nn.ConvTranspose2d:
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif type(m) == nn.BatchNorm2d:
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__variance(m):
    """0.02 is taken for the variance: the standard deviation is its root.

    May be named: init-variance, init-norm-variance.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02**0.5)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02**0.5)
        nn.init.zeros_(m.bias)


def init_weights__drawn_and_dropped(m):
    """torch.normal returns a new tensor, and nothing is done with it.

    May be named: init-nothing.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        torch.normal(0.0, 0.02, size=m.weight.shape)
    elif isinstance(m, nn.BatchNorm2d):
        torch.normal(1.0, 0.02, size=m.weight.shape)
        torch.zeros_like(m.bias)


def init_weights__uniform(m):
    """Weights are uniform in (-0.02, 0.02).

    May be named: init-uniform.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.uniform_(m.weight, -0.02, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.uniform_(m.weight, 0.98, 1.02)
        nn.init.zeros_(m.bias)


def init_weights__constant_norm(m):
    """BatchNorm's weights are all set to 1.

    May be named: init-norm-ones.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.ones_(m.weight)
        nn.init.zeros_(m.bias)


def init_weights__truncated_hard(m):
    """Weights are cut off at one standard deviation.

    May be named: init-uniform.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.trunc_normal_(m.weight, 0.0, 0.02, -0.02, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__lower_case_names(m):
    """The class name is compared in lower case, so that nothing is found.

    May be named: init-nothing.
    """
    name = m.__class__.__name__
    if name.find("conv") != -1:
        m.weight.data.normal_(0.0, 0.02)
    elif name.find("batchnorm") != -1:
        m.weight.data.normal_(1.0, 0.02)
        m.bias.data.fill_(0)


def init_weights__blocks_only(m):
    """It asks for the blocks and fills their parameters, so plain convolutions stay as they are.

    May be named: init-nothing.
    """
    if isinstance(m, (G_block, D_block)):
        for p in m.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, 0.0, 0.02)
            else:
                nn.init.normal_(p, 1.0, 0.02)


def init_weights__bias_of_norm_drawn(m):
    """BatchNorm's biases are drawn like its weights, around 0.

    May be named: init-norm-bias-drawn.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.normal_(m.bias, 0.0, 0.02)


def init_weights__kaiming_for_convolutions(m):
    """Convolutions are filled after He, the BatchNorms rightly."""
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.kaiming_normal_(m.weight, a=0.2)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


def init_weights__convolution_biases_too(m):
    """Every convolution's bias is set to 0, also those with bias=False, which is an error.

    May be named: init-biases-missing.
    """
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
        m.bias.data.zero_()
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)

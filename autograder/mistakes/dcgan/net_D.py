"""How students get `net_D` wrong."""

from autograder.mistake import Mistake, after, argument, before, drop, swap

COMPARE_NUMBER = "Compare the number of parameters with the docstring's."

MISTAKES = (
    Mistake("net-d-sigmoid", after("nn.Conv2d(...)", "nn.Sigmoid()"),
        "The scores are squeezed by a sigmoid.",
        "Scores are logits: the loss applies the sigmoid itself."),
    Mistake("net-d-last-bias", drop("bias=False"),
        "The last convolution has a bias.", COMPARE_NUMBER),
    Mistake("net-d-last-block", swap("nn.Conv2d(...)", "D_block(1, 512, strides=1, padding=0)"),
        "The last step is a whole D_block: its BatchNorm takes the scores' mean away.",
        "A score says something about one image alone; the last step is a bare layer."),
    Mistake("net-d-last-padding", before("bias=False", "stride=2, padding=1"),
        "The last convolution has padding and stride, so that there are four scores for an image.",
        "4x4 has to become 1x1."),
    Mistake("net-d-tanh", after("nn.Conv2d(...)", "nn.Tanh()"),
        "The scores are squeezed by Tanh, which belongs at the end of the generator.",
        "Scores are logits: any real number."),
    Mistake("net-d-first-without-norm",
        swap("D_block(64)",
             "nn.Conv2d(3, 64, kernel_size=4, stride=2, padding=1, bias=False), nn.LeakyReLU(0.2)"),
        "The first step has no BatchNorm, as in the paper; here it is a block like the others.",
        COMPARE_NUMBER),
    Mistake("net-d-narrow", swap("every 512", "256"),
        "The last block has 256 channels, half as many as described.",
        "The channels double from block to block, up to 512."),
    Mistake("net-d-swapped-channels", swap("D_block(64)", "D_block(3, 64)"),
        "The channels that go in and those that come out are in each "
        "other's place, in the first step already.",
        "PyTorch's layers want those that go in first, the blocks of this homework those that come out."),
    Mistake("net-d-spectral-norm", swap("nn.Conv2d(...)", "nn.utils.spectral_norm(_)"),
        "A layer's weights are computed from other parameters, as spectral_norm does.",
        "It is a good idea of another paper; the docstring's layers are plain ones."),
    Mistake("net-d-mean",
        after("nn.Conv2d(...)",
              "type('Mean', (nn.Module,), {'forward': lambda self, x: x.mean().reshape(1)})()"),
        "There is one score for the whole minibatch.", "There has to be one score for each image."),
    Mistake("net-d-slope", argument("every D_block(...)", "alpha=0.01"),
        "The blocks have the slope 0.01 instead of their own default.",
        "Leave alpha out where a block is built."),
    Mistake("net-d-frozen-last-layer", swap("nn.Conv2d(...)", "_.requires_grad_(False)"),
        "The last convolution takes no gradients.", "All of the network has to learn."),
)


def net_d_eps():
    """BatchNorm has an eps of 0.8: the second argument of BatchNorm2d is eps, not the momentum.
    Tutorials have this slip, too. Here its defaults are asked, so leave the number out."""
    layers = []
    for i, o, s, p in ((3, 64, 2, 1), (64, 128, 2, 1), (128, 256, 2, 1), (256, 512, 2, 1)):
        layers += [nn.Conv2d(i, o, 4, s, p, bias=False), nn.BatchNorm2d(o, 0.8), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(512, 1, kernel_size=4, bias=False),)

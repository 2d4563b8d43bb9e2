"""How students get `faces_net_D` wrong."""

from autograder.mistake import Mistake, after, argument, before, both, drop, exchange, swap

MISTAKES = (
    Mistake("faces-d-no-bias", argument("first nn.Conv2d(...)", "bias=False"),
        "The convolutions have no bias.",
        "These have one, unlike those of the sprites' discriminator."),
    Mistake("faces-d-last-without-bias",
        argument("nn.Conv2d(128, 1, kernel_size=4, stride=2)", "bias=False"),
        "The last convolution has no bias.", "All five have one."),
    Mistake("faces-d-padded-first", argument("first nn.Conv2d(...)", "padding=1"),
        "The convolutions have padding, and so the sides differ from the described ones.",
        "Sides go 64, 31, 14, 11, 4, 1."),
    Mistake("faces-d-stride-2", swap("(64, 128, 1)", "(64, 128, 2)"),
        "The images become too small: one of 2x2 pixels comes to a convolution of 4x4.",
        "Compare the strides and the paddings; the sides go 64, 31, 14, 11, 4, 1."),
    Mistake("faces-d-relu", swap("nn.LeakyReLU(0.2)", "nn.ReLU()"),
        "The activation is ReLU.", "The discriminator's lets a part of negative numbers through."),
    Mistake("faces-d-default-slope", drop("0.2"),
        "LeakyReLU has PyTorch's slope, 0.01.", "The docstring has another one."),
    Mistake("faces-d-norm-last", exchange("nn.BatchNorm2d(outputs)", "nn.LeakyReLU(0.2)"),
        "BatchNorm comes after LeakyReLU.", "The docstring names the steps in their order."),
    Mistake("faces-d-sigmoid", after("nn.Flatten()", "nn.Sigmoid()"),
        "The scores are squeezed by a sigmoid.",
        "Scores are logits: the loss applies the sigmoid itself."),
    Mistake("faces-d-norm-on-scores", before("nn.Flatten()", "nn.BatchNorm2d(1)"),
        "There is a BatchNorm after the last convolution.",
        "A score says something about one image alone."),
    Mistake("faces-d-frozen-norms", swap("nn.BatchNorm2d(outputs)", "_.requires_grad_(False)"),
        "The BatchNorms take no gradients.", "All of the network has to learn."),
    Mistake("faces-d-widths",
        both(swap("(64, 128, 1)", "(64, 256, 1)"), swap("(128, 128, 2)", "(256, 128, 2)")),
        "The third convolution has 256 channels.", "The channels go 32, 64, 128, 128."),
)


def faces_d_eps():
    """BatchNorm has an eps of 0.8: the second argument of BatchNorm2d is eps, not the momentum.
    Tutorials have this slip, too. Here its defaults are asked, so leave the number out."""
    layers = []
    for i, o, s, p in ((3, 32, 2, 0), (32, 64, 2, 0), (64, 128, 1, 0), (128, 128, 2, 0)):
        layers += [nn.Conv2d(i, o, 4, s, p), nn.BatchNorm2d(o, 0.8), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(128, 1, 4, 2), nn.Flatten())

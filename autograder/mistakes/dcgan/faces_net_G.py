"""How students get `faces_net_G` wrong."""

from autograder.mistake import Mistake, both, drop, exchange, swap

MISTAKES = (
    Mistake("faces-g-no-last-norm", drop("nn.BatchNorm2d(3)"),
        "There is no BatchNorm after the last transposed convolution.",
        "In this generator every step has one."),
    Mistake("faces-g-swapped-channels", exchange("first 1024", "LATENT_DIM"),
        "The channels that go in and those that come out are in each "
        "other's place, in the first step already.",
        "PyTorch's layers want those that go in first, the blocks of this homework those that come out."),
    Mistake("faces-g-last-relu",
        both(swap("nn.ConvTranspose2d(...)", "G_block(3, 128)"), drop("nn.BatchNorm2d(3)")),
        "A ReLU acts in the last step, beside Tanh.",
        "After a ReLU no pixel can be darker than the middle."),
    Mistake("faces-g-biases", drop("bias=False"),
        "The last transposed convolution has a bias.",
        "Compare the number of parameters with the docstring's."),
    Mistake("faces-g-norm-after-tanh", exchange("nn.BatchNorm2d(3)", "nn.Tanh()"),
        "The last BatchNorm comes after Tanh and takes the images out of [-1, 1].",
        "Tanh is the very last step."),
    Mistake("faces-g-no-tanh", drop("nn.Tanh()"),
        "Tanh is missing at the end.",
        "Real images lie in [-1, 1]; which layer keeps generated ones there?"),
    Mistake("faces-g-frozen-last-norm", swap("nn.BatchNorm2d(3)", "_.requires_grad_(False)"),
        "The last BatchNorm takes no gradients.", "All of the network has to learn."),
)


def faces_g_eps():
    """BatchNorm has an eps of 0.8: the second argument of BatchNorm2d is eps, not the momentum.
    Tutorials have this slip, too. Here its defaults are asked, so leave the number out."""
    layers = []
    for i, o, s, p in ((100, 1024, 1, 0), (1024, 512, 2, 1), (512, 256, 2, 1), (256, 128, 2, 1)):
        layers += [nn.ConvTranspose2d(i, o, 4, s, p, bias=False), nn.BatchNorm2d(o, 0.8), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(128, 3, kernel_size=4, stride=2, padding=1, bias=False), nn.BatchNorm2d(3, 0.8), nn.Tanh())

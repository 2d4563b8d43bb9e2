"""How students get `net_G` wrong."""

from autograder.mistake import Mistake, before, both, drop, exchange, swap

MISTAKES = (
    Mistake("net-g-no-tanh", drop("nn.Tanh()"),
        "The generator's images are not bounded: Tanh is missing at the end.",
        "Real images lie in [-1, 1]; which layer keeps generated ones there?"),
    Mistake("net-g-sigmoid", swap("nn.Tanh", "nn.Sigmoid"),
        "The generator ends with a sigmoid, whose images lie in [0, 1].",
        "Real images lie in [-1, 1]; which layer reaches the whole of it?"),
    Mistake("net-g-last-bias", drop("bias=False"),
        "The last transposed convolution has a bias.",
        "Compare the number of parameters with the docstring's."),
    Mistake("net-g-last-block", swap("nn.ConvTranspose2d(...)", "G_block(3, 64)"),
        "The last step is a whole G_block: BatchNorm and ReLU act there, beside Tanh.",
        "After a ReLU no pixel can be darker than the middle; the last step is a bare layer."),
    Mistake("net-g-norm-at-the-end", before("nn.Tanh()", "nn.BatchNorm2d(3)"),
        "There is a BatchNorm before Tanh.", "The last layer's images go into Tanh as they are."),
    Mistake("net-g-first-block-default", both(drop("strides=1"), drop("padding=0")),
        "The first block doubles the sides, 1 to 2, and so the images come out too small.",
        "It has to make 4x4 out of one pixel; its stride and padding differ from the others'."),
    Mistake("net-g-narrow",
        both(swap("first 512", "256"), drop("G_block(256, 512)"), swap("last 64", "32"),
             before("nn.ConvTranspose2d(...)", "G_block(32, 64)")),
        "Every block has half as many channels as described.", "The first one has 512."),
    Mistake("net-g-swapped-channels", exchange("first 512", "LATENT_DIM"),
        "The channels that go in and those that come out are in each "
        "other's place, in the first step already.",
        "PyTorch's layers want those that go in first, the blocks of this homework those that come out."),
    Mistake("net-g-missing-block",
        both(swap("G_block(128, 256)", "G_block(64, 256)"), drop("G_block(64, 128)")),
        "A block is missing, and so the images come out too small.",
        "Count how often the sides have to double on the way from 4 to 64."),
    Mistake("net-g-evaluation-mode", swap("nn.Sequential(...)", "_.eval()"),
        "BatchNorm ignores the minibatch, as in evaluation mode.",
        "Leave the network as it is built; it begins in training mode."),
    Mistake("net-g-frozen-first-block",
        swap("G_block(512, LATENT_DIM, strides=1, padding=0)", "_.requires_grad_(False)"),
        "The first block's parameters take no gradients.", "All of the network has to learn."),
)


def net_g_eps():
    """BatchNorm has an eps of 0.8: the second argument of BatchNorm2d is eps, not the momentum.
    Tutorials have this slip, too. Here its defaults are asked, so leave the number out."""
    layers = []
    for i, o, s, p in ((100, 512, 1, 0), (512, 256, 2, 1), (256, 128, 2, 1), (128, 64, 2, 1)):
        layers += [nn.ConvTranspose2d(i, o, 4, s, p, bias=False), nn.BatchNorm2d(o, 0.8), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(64, 3, kernel_size=4, stride=2, padding=1, bias=False), nn.Tanh())

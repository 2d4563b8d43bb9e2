"""How students get `init_weights` wrong."""

from autograder.mistake import Mistake, after, before, both, drop, swap

DOCSTRING_GIVES = "The docstring gives the standard deviation, its square root."
DOCSTRING_NAMES = "The docstring names what changes; all else stays as it is."

MISTAKES = (
    Mistake("init-deviation-0.2", swap("first 0.02", "0.2"),
        "Convolutions begin with a standard deviation of 0.2, ten times too large.",
        "Count the zeros behind the point."),
    Mistake("init-variance", swap("first 0.02", "0.02**0.5"),
        "Convolutions begin with a variance of 0.02.", DOCSTRING_GIVES),
    Mistake("init-uniform",
        both(swap("first nn.init.normal_", "nn.init.uniform_"), swap("0.0", "-0.02")),
        "Convolutions begin with weights between -0.02 and 0.02; none lies further out.",
        "Of the normal distribution that is asked for a third does; `nn.init` has a function for it."),
    Mistake("init-no-transposed", swap("(nn.Conv2d, nn.ConvTranspose2d)", "nn.Conv2d"),
        "Transposed convolutions keep the weights that they were built with.",
        "They are a class of their own, and all the convolutions that the generator has."),
    Mistake("init-only-transposed", swap("(nn.Conv2d, nn.ConvTranspose2d)", "nn.ConvTranspose2d"),
        "Convolutions that are not transposed keep the weights that they were built with.",
        "Both kinds begin alike."),
    Mistake("init-norm-mean-0", swap("1.0", "0.0"),
        "BatchNorm's weights begin around 0, which takes nearly all of the signal away.",
        "Which factor leaves a number as it is? They begin around that one."),
    Mistake("init-norm-ones", swap("nn.init.normal_(m.weight, 1.0, 0.02)", "nn.init.ones_(m.weight)"),
        "BatchNorm's weights all begin at exactly 1.",
        "They are drawn, too, from a narrow distribution."),
    Mistake("init-norm-variance", swap("last 0.02", "0.02**0.5"),
        "BatchNorm's weights begin with a variance of 0.02.", DOCSTRING_GIVES),
    Mistake("init-norm-bias-left", drop("nn.init.zeros_(m.bias)"),
        "BatchNorm's biases stay what they were.", "They, too, have a value to begin with."),
    Mistake("init-norm-bias-drawn",
        swap("nn.init.zeros_(m.bias)", "nn.init.normal_(m.bias, 0.0, 0.02)"),
        "BatchNorm's biases are drawn at random.", "They all begin with the same value."),
    Mistake("init-norm-not-known", swap("nn.BatchNorm2d", "nn.BatchNorm1d"),
        "BatchNorm's weights and biases stay as they were built.",
        "They, too, have something to begin with. Does what you ask about m hold for a BatchNorm2d?"),
    Mistake("init-linear", after("nn.ConvTranspose2d", "nn.Linear"),
        "Linear layers are drawn anew, too.", DOCSTRING_NAMES),
    Mistake("init-biases",
        after("nn.init.normal_(m.weight, 0.0, 0.02)",
              "if m.bias is not None:\n    nn.init.zeros_(m.bias)"),
        "The biases of convolutions are set, too.", DOCSTRING_NAMES),
    Mistake("init-biases-missing", after("nn.init.normal_(m.weight, 0.0, 0.02)", "m.bias.data.zero_()"),
        "`.data` is asked of something that is None, as the bias of this homework's convolutions is.",
        "The docstring leaves biases of convolutions alone. A "
        "gradient, too, is None before it is computed."),
    Mistake("init-constant", both(swap("first nn.init.normal_", "nn.init.constant_"), drop("0.0")),
        "Convolutions begin with the same number in every weight.",
        "Channels that begin alike stay alike; draw every weight for itself."),
    Mistake("init-seeded",
        before("if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)): ...", "torch.manual_seed(0)"),
        "The weights are the same every time: a random generator is seeded on the way.",
        "Leave seeds to whoever starts the training."),
)


def init_nothing(m):
    """A network of convolutions and a BatchNorm keeps all its weights.
    Does m pass one of your tests (upper and lower case count in a class's name)? And does what is
    drawn get into a parameter?"""
    kind = type(m).__name__
    if "conv" in kind:
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif "bn" in kind:
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)

"""How students get `net_G` wrong."""

from autograder.mistake import Mistake, drop, swap

MISTAKES = (
    Mistake("net-g-no-tanh", drop('activation="tanh"'),
        "The images are not squeezed into (-1, 1).", "What stands at the end of the description?"),
    Mistake("net-g-sigmoid", swap('"tanh"', '"sigmoid"'),
        "The last activation is a sigmoid, whose images lie in (0, 1).",
        "Another one reaches from -1 to 1."),
    Mistake("net-g-first-block-same", drop('padding="valid"'),
        "The first block pads as the others do, so that one pixel becomes one.",
        "It has to become 4x4."),
    Mistake("net-g-last-bias", drop("use_bias=False"),
        "The last layer has a bias.", "Count the parameters: three are too many."),
    Mistake("net-g-last-kernel", drop("kernel_initializer=..."),
        "The last layer's kernel begins as Keras has it.", "Give it the initializer of the blocks."),
)

"""How students get `buggy_block` wrong."""

from autograder.mistake import Mistake, drop, swap

MISTAKES = (
    Mistake("bug-block-as-given", swap("momentum=0.8", "0.8"),
        "The bug is still there.",
        "Look up what BatchNorm2d's second argument is, and feed the block images of small contrast."),
    Mistake("bug-block-keras-momentum", swap("0.8", "0.2"),
        "The running statistics follow slowly: the newest minibatch counts 0.2.",
        "Other libraries count what was before; PyTorch counts what is new."),
    Mistake("bug-block-default-momentum", drop("momentum=0.8"),
        "The running statistics have PyTorch's own momentum.",
        "The number was meant for something; do not drop it."),
    Mistake("bug-block-both", swap("momentum=0.8", "0.8, 0.8"),
        "The momentum is right now, but the other number is still wrong.",
        "Whatever the docstring does not mention is as PyTorch has it."),
)

"""How students get `get_optimizer` wrong."""

from autograder.mistake import Mistake, argument, both, drop, exchange, swap

BETAS = "betas=(0.0, 0.9)"
ASKS = "The docstring asks for Adam."

MISTAKES = (
    Mistake("optimizer-default-betas", drop(BETAS),
        "The betas are PyTorch's defaults.", "The docstring gives two others."),
    Mistake("optimizer-betas-of-dcgan", swap("(0.0, 0.9)", "(0.5, 0.999)"),
        "The betas are those of a DCGAN.", "A critic with a penalty is trained without momentum."),
    Mistake("optimizer-beta1-0.5", swap("0.0", "0.5"),
        "The first beta is 0.5.", "Here no momentum is carried from step to step."),
    Mistake("optimizer-beta1-0.9", swap("0.0", "0.9"),
        "Both betas are 0.9.", "The first one is the momentum."),
    Mistake("optimizer-beta2-0.999", swap("0.9", "0.999"),
        "The second beta is 0.999, PyTorch's default.", "The docstring gives another one."),
    Mistake("optimizer-beta2-0.99", swap("0.9", "0.99"),
        "The second beta is 0.99.", "Count the nines."),
    Mistake("optimizer-betas-swapped", exchange("0.0", "0.9"),
        "The two betas are swapped.", "The first one is the momentum, the second belongs to the squares."),
    Mistake("optimizer-lr-1e-3", swap("1e-4", "1e-3"),
        "The learning rate is 0.001, ten times too high.", "The docstring gives another one."),
    Mistake("optimizer-lr-2e-4", swap("1e-4", "2e-4"),
        "The learning rate is 0.0002, as a DCGAN has it.", "The docstring gives another one."),
    Mistake("optimizer-lr-5e-5", swap("1e-4", "5e-5"),
        "The learning rate is 0.00005, as the first Wasserstein GAN had it.",
        "The docstring gives another one."),
    Mistake("optimizer-weight-decay", argument("torch.optim.Adam(...)", "weight_decay=1e-2"),
        "Weight decay is added.", "Leave everything else as PyTorch has it."),
    Mistake("optimizer-rmsprop", both(swap("torch.optim.Adam", "torch.optim.RMSprop"), drop(BETAS)),
        "This is RMSprop, which the first Wasserstein GAN used.", ASKS),
    Mistake("optimizer-sgd", both(swap("torch.optim.Adam", "torch.optim.SGD"), drop(BETAS)),
        "This is plain gradient descent.", ASKS),
)  # fmt: skip

"""How students get `sample_noise` wrong."""

from autograder.mistake import Mistake, argument, before, both, drop, exchange, swap

DRAW_UNIFORMLY = "Draw uniformly in the first place."
INTERVAL_FROM = "The interval from -1 to 1 has length 2."
EVERY_NUMBER = "Every number in between has to be possible as well."
DRAW_ONE = "Draw one number for each element of the result."

MISTAKES = (
    Mistake("noise-unit", swap("return ...", "return torch.rand(batch_size, dim)"),
        "The noise lies in (0, 1); half of the interval is missing.",
        "Stretch it to twice the length, then shift it."),
    Mistake("noise-normal", swap("return ...", "return torch.randn(batch_size, dim)"),
        "The noise looks like a normal one, which has no bounds.",
        "Look for the function that draws uniformly."),
    Mistake("noise-normal-clamped",
        swap("return ...", "return torch.randn(batch_size, dim).clamp(-1, 1)"),
        "The noise looks like a normal one cut off at -1 and 1: the ends come up far too often.",
        "Draw uniformly in the first place; then nothing needs cutting."),
    Mistake("noise-normal-squashed",
        swap("return ...", "return torch.tanh(torch.randn(batch_size, dim))"),
        "The noise is not spread evenly: it looks like a normal one pushed through tanh.",
        DRAW_UNIFORMLY),
    Mistake("noise-normal-by-largest",
        swap("return ...", "drawn = torch.randn(batch_size, dim)\nreturn drawn / drawn.abs().max()"),
        "The noise prefers the middle: it looks like a normal one divided by its largest number.",
        DRAW_UNIFORMLY),
    Mistake("noise-half-width", swap("return ...", "return torch.rand(batch_size, dim) - 0.5"),
        "The noise reaches only half as far as asked, from about -1/2 to 1/2.", INTERVAL_FROM),
    Mistake("noise-double-width", swap("return ...", "return 4 * torch.rand(batch_size, dim) - 2"),
        "The noise reaches from about -2 to 2.", "The interval from -1 to 1 has length 2, not 4."),
    Mistake("noise-negative", drop("2"),
        "The noise lies in (-1, 0); half of the interval is missing.", INTERVAL_FROM),
    Mistake("noise-not-shifted", drop("1"),
        "The noise lies in (0, 2): the right length, in the wrong place.",
        "Where must the middle of the interval be?"),
    Mistake("noise-precedence", swap("return ...", "return 2 * (torch.rand(batch_size, dim) - 1)"),
        "The noise lies in (-2, 0): the right length, in the wrong place.",
        "Where must the middle of the interval be? If you multiply and subtract, mind the brackets."),
    Mistake("noise-small", swap("return ...", "return 0.2 * torch.rand(batch_size, dim) - 0.1"),
        "The noise is far too narrow.", "It has to reach from -1 to 1."),
    Mistake("noise-squared", swap("torch.rand(batch_size, dim)", "_ ** 2"),
        "The noise is crowded at one end, as if a uniform number had been squared.",
        "Only stretch and shift a uniform number; both keep it uniform."),
    Mistake("noise-triangular",
        swap("return ...", "return torch.rand(batch_size, dim) + torch.rand(batch_size, dim) - 1"),
        "The noise prefers the middle, as a sum of two uniform numbers does.",
        "Draw one uniform number for each element, stretch and shift it."),
    Mistake("noise-sine",
        swap("return ...", "return torch.sin(6.2831853 * torch.rand(batch_size, dim))"),
        "The noise is crowded at both ends, as after a sine.",
        "Only stretch and shift a uniform number."),
    Mistake("noise-integers",
        swap("return ...", "return torch.randint(-1, 2, (batch_size, dim)).float()"),
        "The noise takes only the values -1, 0 and 1.", EVERY_NUMBER),
    Mistake("noise-signs", swap("return ...", "return torch.sign(torch.rand(batch_size, dim) - 0.5)"),
        "The noise takes only the values -1 and 1.", EVERY_NUMBER),
    Mistake("noise-rounded",
        swap("return ...", "return torch.round(20 * torch.rand(batch_size, dim) - 10) / 10"),
        "The noise takes only a few different values.",
        "Leave the drawn numbers as they are; every number between -1 and 1 has to be possible."),
    Mistake("noise-int-tensor", swap("return ...", "return torch.randint(-1, 2, (batch_size, dim))"),
        "The noise is a tensor of integers.",
        "Networks compute with floating-point numbers; return such."),
    Mistake("noise-zeros", swap("return ...", "return torch.zeros(batch_size, dim)"),
        "The noise is the same number everywhere.", "Draw each element at random."),
    Mistake("noise-one-row",
        swap("return ...", "return (2 * torch.rand(1, dim) - 1).repeat(batch_size, 1)"),
        "Every example of the minibatch gets the same noise vector.", DRAW_ONE),
    Mistake("noise-one-column",
        swap("return ...", "return (2 * torch.rand(batch_size, 1) - 1).repeat(1, dim)"),
        "All elements of a noise vector are the same number.", DRAW_ONE),
    Mistake("noise-transposed", exchange("batch_size", "dim"),
        "The shape is (dim, batch_size): the two sizes are swapped.", "The minibatch comes first."),
    Mistake("noise-flat", both(swap("batch_size", "_ * dim"), drop("dim")),
        "The noise is one long vector.", "One row for each example: two sizes, not their product."),
    Mistake("noise-one-example", swap("batch_size", "1"),
        "The noise has one row only, whatever batch_size is.",
        "One row for each example of the minibatch."),
    Mistake("noise-four-dimensions", argument("torch.rand(batch_size, dim)", "1, 1"),
        "The noise has shape (batch_size, dim, 1, 1).",
        "The networks here start with a linear layer: two dimensions."),
    Mistake("noise-default-dim", swap("dim", "NOISE_DIM"),
        "The length of a noise vector is 96, whatever dim is.", "Use the argument."),
    Mistake("noise-default-batch", swap("batch_size", "BATCH_SIZE"),
        "There are always 128 noise vectors, whatever batch_size is.", "Use the argument batch_size."),
    Mistake("noise-always-seeded", before("return ...", "torch.manual_seed(0)"),
        "Every call seeds the random generator, so that all noise is the same and `seed` has no effect.",
        "Seed only when a seed is given; the given lines at the top of the function do that."),
    Mistake("noise-default-seed", before("return ...", "torch.manual_seed(seed or 0)"),
        "Without a seed the function seeds the random generator "
        "itself, so that two calls give the same noise.",
        "Leave the random generator alone unless the caller gives a seed; the default of seed is None."),
    Mistake("noise-evenly-spaced",
        swap("return ...", "return torch.linspace(-1, 1, batch_size * dim).reshape(batch_size, dim)"),
        "The numbers go up in order, the same on every call; nothing is random.",
        "Draw them at random."),
    Mistake("noise-numpy",
        swap("return ...", "return np.random.uniform(-1, 1, (batch_size, dim)).astype(np.float32)"),
        "The noise is a NumPy array.", "Return a tensor; PyTorch draws one itself."),
    Mistake("noise-list", swap("return ...", "return (...).tolist()"),
        "The noise is a list.", "Return a tensor."),
    Mistake("noise-no-return", swap("return ...", "..."),
        "The function returns nothing.", "Return the noise as a tensor."),
)


def noise_another_generator(batch_size, dim, seed=None):
    """Two calls with the same seed give different noise.
    Seed the random generator that you draw from, before you draw; PyTorch's own obeys the given
    lines at the top of the function."""
    if seed is not None:
        torch.manual_seed(seed)
    import random
    return torch.tensor([[random.uniform(-1, 1) for _ in range(dim)] for _ in range(batch_size)])


def noise_kept(batch_size, dim, seed=None):
    """Every call gives the same noise, whatever the seed is.
    Draw anew on each call: keep nothing between calls, and seed only when a seed is given."""
    if seed is not None:
        torch.manual_seed(seed)
    kept = sample_noise.__dict__
    if (batch_size, dim) not in kept:
        kept[batch_size, dim] = 2 * torch.rand(batch_size, dim) - 1
    return kept[batch_size, dim]

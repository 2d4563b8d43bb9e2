"""Wrong ways to draw noise."""

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812


def sample_noise__clamped_normal(batch_size, dim, seed=None):
    """Cuts a normal sample off at -1 and 1: a third of the numbers are exactly -1 or 1.

    May be named: noise-normal-clamped.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.randn(batch_size, dim).clamp(-1, 1)


def sample_noise__minus_one_only(batch_size, dim, seed=None):
    """Moves the interval, but does not stretch it: (-1, 0).

    May be named: noise-negative.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim) - 1


def sample_noise__stretched_only(batch_size, dim, seed=None):
    """Stretches the interval, but does not move it: (0, 2).

    May be named: noise-not-shifted.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(batch_size, dim)


def sample_noise__three_values(batch_size, dim, seed=None):
    """Draws integers: only -1, 0 and 1 occur.

    May be named: noise-integers.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.randint(-1, 2, (batch_size, dim)).float()


def sample_noise__tanh_of_normal(batch_size, dim, seed=None):
    """Squeezes a normal sample with a tanh: in range, but not uniform.

    May be named: noise-normal-squashed.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.tanh(torch.randn(batch_size, dim))


def sample_noise__sine_of_normal(batch_size, dim, seed=None):
    """Takes the sine of a normal sample.

    May be named: noise-sine.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.sin(3 * torch.randn(batch_size, dim))


def sample_noise__one_vector_for_all(batch_size, dim, seed=None):
    """Draws one vector and repeats it for the whole minibatch.

    May be named: noise-one-row.
    """
    if seed is not None:
        torch.manual_seed(seed)
    row = torch.rand(1, dim) * 2 - 1
    return row.repeat(batch_size, 1)


def sample_noise__one_number_for_a_row(batch_size, dim, seed=None):
    """Draws one number for each vector and spreads it over the vector.

    May be named: noise-one-column.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return (torch.rand(batch_size, 1) * 2 - 1).expand(batch_size, dim).clone()


def sample_noise__numpy_seed_zero(batch_size, dim, seed=None):
    """Seeds NumPy with 0 in each call where no seed is given."""
    rng = np.random.RandomState(seed or 0)
    return torch.tensor(rng.uniform(-1, 1, (batch_size, dim)), dtype=torch.float32)


def sample_noise__default_generator_seeded(batch_size, dim, seed=None):
    """Uses a generator of its own, with its default seed: each call gives the same."""
    draw = torch.Generator()
    if seed is not None:
        draw.manual_seed(seed)
    return torch.rand(batch_size, dim, generator=draw) * 2 - 1


def sample_noise__other_way_round(batch_size, dim, seed=None):
    """Puts the two sizes in the wrong order.

    May be named: noise-transposed.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(dim, batch_size) - 1


def sample_noise__half_of_it(batch_size, dim, seed=None):
    """Draws from (-0.5, 0.5).

    May be named: noise-half-width.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.empty(batch_size, dim).uniform_(-0.5, 0.5)


def sample_noise__a_ramp(batch_size, dim, seed=None):
    """Lays a ramp from -1 to 1; nothing is random.

    May be named: noise-evenly-spaced.
    """
    return torch.linspace(-1, 1, batch_size * dim).view(batch_size, dim)


def sample_noise__tenths(batch_size, dim, seed=None):
    """Rounds to tenths: only 21 numbers occur.

    May be named: noise-rounded.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return ((2 * torch.rand(batch_size, dim) - 1) * 10).round() / 10


def sample_noise__numpy_array(batch_size, dim, seed=None):
    """Returns a NumPy array, no tensor.

    May be named: noise-numpy.
    """
    if seed is not None:
        np.random.seed(seed)
    return np.random.uniform(-1, 1, (batch_size, dim)).astype("float32")


def sample_noise__as_images(batch_size, dim, seed=None):
    """Noise as another tutorial's convolutions take it: (batch_size, dim, 1, 1).

    May be named: noise-four-dimensions.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim, 1, 1) * 2 - 1


def sample_noise__on_the_sphere(batch_size, dim, seed=None):
    """Puts each vector on the unit sphere."""
    if seed is not None:
        torch.manual_seed(seed)
    return F.normalize(torch.randn(batch_size, dim), dim=1)


def sample_noise__mean_of_two(batch_size, dim, seed=None):
    """Takes the difference of two uniform numbers: a triangle, dense around 0.

    May be named: noise-triangular.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim) - torch.rand(batch_size, dim)


def sample_noise__a_single_column(batch_size, dim, seed=None):
    """Leaves `dim` out: one number for each vector."""
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(batch_size, 1) - 1


def sample_noise__square_root(batch_size, dim, seed=None):
    """Takes a square root in between: large numbers are too frequent."""
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(batch_size, dim).sqrt() - 1


def sample_noise__stretched_to_the_ends(batch_size, dim, seed=None):
    """Scales each call's normal numbers so that the smallest is -1 and the largest is 1."""
    if seed is not None:
        torch.manual_seed(seed)
    drawn = torch.randn(batch_size, dim)
    return 2 * (drawn - drawn.min()) / (drawn.max() - drawn.min()) - 1

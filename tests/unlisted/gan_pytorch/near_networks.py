"""Wrong noise, networks and optimizers that look like listed mistakes and are others."""

import numpy as np
import torch
from torch import nn


def _disc(first=784, *, act=lambda: nn.LeakyReLU(0.01), sizes=(256, 256, 256, 256, 1)):
    a, b, c, d, e = sizes
    return nn.Sequential(
        nn.Flatten(), nn.Linear(first, a), act(), nn.Linear(b, c), act(), nn.Linear(d, e)
    )


def _gen(a, b):
    return nn.Sequential(
        nn.Linear(a, 1024),
        nn.ReLU(),
        nn.Linear(b, 1024),
        nn.ReLU(),
        nn.Linear(1024, 784),
        nn.Tanh(),
    )


class _Wrapped(nn.Module):
    def __init__(self, inner, change):
        super().__init__()
        self.inner, self.change = inner, change

    def forward(self, x):
        return self.change(self.inner(x))


def sample_noise__seeds_too_late(batch_size, dim, seed=None):
    """Draws first and seeds afterwards: the seed works on the next call.

    May be named: noise-another-generator.
    """
    noise = 2 * torch.rand(batch_size, dim) - 1
    if seed is not None:
        torch.manual_seed(seed)
    return noise


def sample_noise__arcsine(batch_size, dim, seed=None):
    """Beta(1/2, 1/2), stretched: the distribution of a sine, drawn without a sine.

    May be named: noise-sine.
    """
    if seed is not None:
        torch.manual_seed(seed)
    half = torch.tensor(0.5)
    return 2 * torch.distributions.Beta(half, half).sample((batch_size, dim)) - 1


def sample_noise__root(batch_size, dim, seed=None):
    """The square root of a uniform number: crowded at the upper end."""
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(batch_size, dim).sqrt() - 1


def sample_noise__mean_of_three(batch_size, dim, seed=None):
    """The mean of three uniform numbers, stretched."""
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(3, batch_size, dim).mean(0) - 1


def sample_noise__one_number(batch_size, dim, seed=None):
    """One number is drawn at random and stands everywhere."""
    if seed is not None:
        torch.manual_seed(seed)
    return torch.full((batch_size, dim), 2 * torch.rand(1).item() - 1)


def sample_noise__four_fifths(batch_size, dim, seed=None):
    """Uniform from -0.8 to 0.8."""
    if seed is not None:
        torch.manual_seed(seed)
    return 1.6 * torch.rand(batch_size, dim) - 0.8


def sample_noise__always_64_rows(batch_size, dim, seed=None):
    """64 rows, whatever batch_size is."""
    if seed is not None:
        torch.manual_seed(seed)
    return 2 * torch.rand(64, dim) - 1


def sample_noise__made_numpy(batch_size, dim, seed=None):
    """Drawn by PyTorch, and turned into an array at the end.

    May be named: noise-numpy.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return (2 * torch.rand(batch_size, dim) - 1).numpy()


def sample_noise__cut_to_integers(batch_size, dim, seed=None):
    """Right numbers, cut to whole ones of an integer type.

    May be named: noise-int-tensor.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return (2 * torch.rand(batch_size, dim) - 1).long()


def sample_noise__own_fixed_generator(batch_size, dim, seed=None):
    """A generator of its own, made anew with the seed 0 on each call.

    May be named: noise-kept.
    """
    own = torch.Generator().manual_seed(0)
    return 2 * torch.rand(batch_size, dim, generator=own) - 1


def sample_noise__seed_42(batch_size, dim, seed=None):
    """Seeds with 42 where no seed is given.

    May be named: noise-default-seed.
    """
    torch.manual_seed(42 if seed is None else seed)
    return 2 * torch.rand(batch_size, dim) - 1


def discriminator__activation_too_early(seed=None):
    """The first activation acts on the images, not after the first layer."""
    return nn.Sequential(
        nn.Flatten(),
        nn.LeakyReLU(0.01),
        nn.Linear(784, 256),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1),
    )


def discriminator__all_frozen(seed=None):
    """All layers are frozen, not the first alone."""
    return _disc().requires_grad_(False)


def discriminator__through_numpy(seed=None):
    """The scores go through NumPy.

    May be named: discriminator-detached.
    """
    return _Wrapped(_disc(), lambda x: torch.from_numpy(x.detach().numpy().copy()))


def discriminator__yes_or_no(seed=None):
    """Answers 0 or 1: the comparison has no gradient.

    May be named: discriminator-detached.
    """
    return _Wrapped(_disc(), lambda x: (x > 0).float())


def discriminator__rounded(seed=None):
    """Rounds the scores, so that every gradient is zero."""
    return _Wrapped(_disc(), torch.round)


def discriminator__seed_of_0_by_default(seed=0):
    """The default of seed is 0 in place of None.

    May be named: discriminator-seeded.
    """
    if seed is not None:
        torch.manual_seed(seed)
    return _disc()


def discriminator__in_a_list(seed=None):
    """Returns the network in a list.

    May be named: discriminator-list.
    """
    return [_disc()]


def discriminator__last_layer_of_128(seed=None):
    """The last layer takes 128 numbers and gets 256.

    May be named: discriminator-widths-clash.
    """
    return _disc(sizes=(256, 256, 256, 128, 1))


def discriminator__inner_first(seed=None):
    """The wide layer comes last: 784 -> 1 -> 256 -> 1 hidden numbers."""
    return _disc(sizes=(1, 1, 256, 256, 1))


def generator__second_layer_of_96(noise_dim=96, seed=None):
    """The second layer takes 96 numbers, and the first one is right."""
    return _gen(noise_dim, 96)


def generator__noise_twice_as_long(noise_dim=96, seed=None):
    """The first layer takes twice as many numbers.

    May be named: generator-fixed-noise-dim.
    """
    return _gen(2 * noise_dim, 1024)


def generator__made_anew(noise_dim=96, seed=None):
    """Makes a new tensor of the images.

    May be named: generator-detached.
    """
    return _Wrapped(_gen(noise_dim, 1024), lambda x: torch.tensor(x.tolist()))


def generator__half_frozen(noise_dim=96, seed=None):
    """The last two linear layers are frozen."""
    network = _gen(noise_dim, 1024)
    network[2:].requires_grad_(False)
    return network


def _maps(*convolutions, head):
    return nn.Sequential(*convolutions, nn.Flatten(), *head)


def _head():
    return nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1)


def build_dc_classifier__hundred_filters(batch_size=128):
    """100 filters and no second pooling: 6400 numbers of another kind than a pooling left out.

    May be named: classifier-first-pool-missing.
    """
    leaky = nn.LeakyReLU(0.01)
    return _maps(
        nn.Conv2d(1, 32, 5), leaky, nn.MaxPool2d(2), nn.Conv2d(32, 100, 5), leaky, head=_head()
    )


def build_dc_classifier__4096_numbers(batch_size=128):
    """The second pooling is missing: 4096 numbers for a layer of 1024."""
    leaky = nn.LeakyReLU(0.01)
    return _maps(
        nn.Conv2d(1, 32, 5), leaky, nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), leaky, head=_head()
    )


def _grow(noise_dim, *, first, second, eval_first=False):
    network = nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), first, nn.Linear(1024, 6272), nn.ReLU(), second,
        nn.Unflatten(1, (128, 7, 7)), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(),
        nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten(),
    )  # fmt: skip
    if eval_first:
        network[2].eval()
    return network


def build_dc_generator__second_norm_for_maps(noise_dim=96):
    """The second BatchNorm is for feature maps and gets vectors.

    May be named: dc-generator-norm-dimensions.
    """
    return _grow(noise_dim, first=nn.BatchNorm1d(1024), second=nn.BatchNorm2d(6272))


def build_dc_generator__first_norm_too_wide(noise_dim=96):
    """The first BatchNorm has the second one's width.

    May be named: dc-generator-norm-width.
    """
    return _grow(noise_dim, first=nn.BatchNorm1d(6272), second=nn.BatchNorm1d(6272))


def build_dc_generator__one_norm_evaluates(noise_dim=96):
    """One of the BatchNorms is in evaluation mode, the others are not."""
    first, second = nn.BatchNorm1d(1024), nn.BatchNorm1d(6272)
    return _grow(noise_dim, first=first, second=second, eval_first=True)


def build_dc_generator__layers_normalized_for_each(noise_dim=96):
    """The second hidden layer is layer-normalized, not the first."""
    return _grow(noise_dim, first=nn.BatchNorm1d(1024), second=nn.LayerNorm(6272))


def get_optimizer__rmsprop_with_betas(model):
    """RMSprop with the names of Adam's betas, which it does not know either."""
    return torch.optim.RMSprop(model.parameters(), lr=1e-3, beta1=0.5, beta2=0.999)


def get_optimizer__parameters_in_a_list(model):
    """What `parameters` returns, put into a list once more."""
    return torch.optim.Adam([model.parameters()], lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__names(model):
    """The state, whose keys are names, in place of the parameters."""
    return torch.optim.Adam(model.state_dict(), lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__model_in_a_list(model):
    """The network itself in a list.

    May be named: optimizer-model-itself.
    """
    return torch.optim.Adam([model], lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__loops_over_the_method(model):
    """Loops over the method, to leave frozen parameters out.

    May be named: optimizer-bound-method.
    """
    learned = [p for p in model.parameters if p.requires_grad]
    return torch.optim.Adam(learned, lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__class_of_another(model):
    """Returns the class SGD.

    May be named: optimizer-class.
    """
    return torch.optim.SGD


def get_optimizer__amsgrad_near(model):
    """The variant that keeps the largest square: its first steps are Adam's."""
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999), amsgrad=True)


def get_optimizer__rate_of_0(model):
    """A learning rate of 0: the right parameters, and no step.

    May be named: optimizer-of-another-model.
    """
    return torch.optim.Adam(model.parameters(), lr=0.0, betas=(0.5, 0.999))


def get_optimizer__small_decay(model):
    """A weight decay of 1e-3."""
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999), weight_decay=1e-3)


def get_optimizer__much_too_negative(model):
    """A learning rate of minus a hundredth.

    May be named: optimizer-lr-negative.
    """
    return torch.optim.Adam(model.parameters(), lr=-1e-2, betas=(0.5, 0.999))


def get_optimizer__two_groups(model):
    """Biases have a group of their own, with other betas."""
    weights = [p for p in model.parameters() if p.dim() > 1]
    biases = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": weights}, {"params": biases, "betas": (0.9, 0.999)}]
    return torch.optim.Adam(groups, lr=1e-3, betas=(0.5, 0.999))


def get_optimizer__signs(model):
    """Rprop, whose first step has about the size of Adam's."""
    return torch.optim.Rprop(model.parameters(), lr=1e-3)


def sample_noise__numpy_seeded(batch_size, dim, seed=None):
    """NumPy draws with a fixed seed of its own; PyTorch's generator is never asked.

    May be named: noise-kept.
    """
    drawn = np.random.default_rng(0).uniform(-1, 1, (batch_size, dim))
    return torch.tensor(drawn, dtype=torch.float32)

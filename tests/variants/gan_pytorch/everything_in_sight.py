# differs: functions nested in functions, closures, decorators, walrus, f-strings, caches between calls
import contextlib
import functools
import itertools
import torch
from torch import nn, Tensor
from torch.nn import functional as F


def seeded(make):
    @functools.wraps(make)
    def wrapper(*args, seed=None, **kwargs):
        context = torch.random.fork_rng(devices=[]) if seed is not None else contextlib.nullcontext()
        with context:
            if seed is not None:
                torch.manual_seed(seed)
            return make(*args, **kwargs)
    return wrapper


@seeded
def sample_noise(batch_size, dim):
    return torch.rand(batch_size, dim) * 2 - 1


@seeded
def discriminator():
    def layers(*widths):
        for i, (a, b) in enumerate(itertools.pairwise(widths)):
            yield nn.Linear(a, b)
            if (last := i == len(widths) - 2) is False:
                yield nn.LeakyReLU(0.01)
    return nn.Sequential(nn.Flatten(), *layers(784, 256, 256, 1))


@seeded
def generator(noise_dim=96):
    net = nn.Sequential()
    for i, (a, b) in enumerate([(noise_dim, 1024), (1024, 1024), (1024, 784)]):
        net.add_module(f"fc{i}", nn.Linear(a, b))
        net.add_module(f"act{i}", nn.Tanh() if i == 2 else nn.ReLU())
    return net


@functools.lru_cache(maxsize=None)
def labels(shape, value):
    return torch.full(shape, value)


def bce_loss(input: Tensor, target: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(input, target)


def make_losses():
    def d(logits_real, logits_fake):
        return bce_loss(logits_real, labels(logits_real.shape, 1.)) + bce_loss(logits_fake, labels(logits_fake.shape, 0.))

    def g(logits_fake):
        return bce_loss(logits_fake, labels(logits_fake.shape, 1.))

    def ls_d(scores_real, scores_fake):
        return ls_g(scores_real) + 0.5 * scores_fake.pow(2).mean()

    def ls_g(scores_fake):
        return 0.5 * (scores_fake - labels(scores_fake.shape, 1.)).pow(2).mean()

    return d, g, ls_d, ls_g


discriminator_loss, generator_loss, ls_discriminator_loss, ls_generator_loss = make_losses()


def get_optimizer(model, kind=torch.optim.Adam, **options):
    options = {"lr": 1e-3, "betas": (0.5, 0.999)} | options
    return kind((p for p in model.parameters() if p.requires_grad), **options)


def build_dc_classifier(batch_size=128):
    convs = itertools.chain.from_iterable(
        (nn.Conv2d(i, o, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2)) for i, o in ((1, 32), (32, 64)))
    body = nn.Sequential(*convs, nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))
    body.register_forward_pre_hook(lambda module, args: (args[0].reshape(-1, 1, 28, 28),))
    return body


def build_dc_generator(noise_dim=96):
    body = nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272), nn.ReLU(),
        nn.BatchNorm1d(6272), nn.Unflatten(1, (128, 7, 7)), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(),
        nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh())
    body.register_forward_hook(lambda module, args, output: output.flatten(1))
    return body

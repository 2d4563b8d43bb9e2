# differs: a file that stops at a missing package and a missing helper module, with dead code and asserts
# note: stops with an error
# note: No module named '.helpers'
import numpy as np
import torch as th
import torch.nn.functional as fn
from torch import nn
import seaborn_for_gans as sns
from .helpers import show_images, count_params

assert th.cuda.device_count() >= 0
relu, leaky = nn.ReLU(inplace=False), nn.LeakyReLU(0.01, inplace=False)
if True:
    EPS, HALF = 1e-12, 0.5
else:
    EPS = None
try:
    profile
except NameError:
    profile = lambda f: f


@profile
def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        th.manual_seed(seed)
    return th.rand([batch_size, dim]) * 2 + (-1)


def discriminator(seed=None):
    if seed is not None:
        th.manual_seed(seed)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(in_features=784, out_features=256, bias=True), leaky,
        nn.Linear(in_features=256, out_features=256, bias=True), leaky,
        nn.Linear(in_features=256, out_features=1, bias=True))
    return model
    assert count_params(model) == 267009


def generator(noise_dim=96, seed=None):
    if seed is not None:
        th.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), relu, nn.Linear(1024, 1024), relu, nn.Linear(1024, 784), nn.Tanh())


def bce_loss(input, target):
    pos = fn.softplus(-input)
    return (target * pos + (1 - target) * (input + pos)).mean()


def discriminator_loss(logits_real, logits_fake):
    loss = None
    real, fake = th.ones(logits_real.shape), th.zeros(logits_fake.shape)
    try:
        loss = bce_loss(logits_real, real) + bce_loss(logits_fake, fake)
    finally:
        return loss


def generator_loss(logits_fake, labels=None):
    labels = th.ones(logits_fake.shape) if labels is None else labels
    return bce_loss(logits_fake, labels)


def get_optimizer(model):
    optimizer = None
    optimizer = th.optim.Adam(model.parameters(), lr=1e-3, betas=(.5, .999))
    return optimizer


def ls_discriminator_loss(scores_real, scores_fake):
    return HALF * (th.mean((scores_real - 1) ** 2) + th.mean(scores_fake ** 2))


def ls_generator_loss(scores_fake):
    return HALF * th.mean((scores_fake - 1) ** 2)


def build_dc_classifier(batch_size):
    def flat(x):
        return x.view(len(x), -1)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Conv2d(1, 32, 5), nn.Conv2d(32, 64, 5)
            self.three, self.four = nn.Linear(1024, 1024), nn.Linear(1024, 1)
            self.pool = nn.MaxPool2d(2)

        def forward(self, x):
            x = self.pool(leaky(self.one(x.view(-1, 1, 28, 28))))
            x = self.pool(leaky(self.two(x)))
            return self.four(leaky(self.three(flat(x))))

    return Net()


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), relu, nn.BatchNorm1d(1024), nn.Linear(1024, 6272), relu,
        nn.BatchNorm1d(6272), nn.Unflatten(1, th.Size([128, 7, 7])), nn.ConvTranspose2d(128, 64, 4, 2, 1), relu,
        nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten())

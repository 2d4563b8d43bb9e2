# differs: a training loop on random images at the bottom that takes longer than grading may
# note: took longer than
# note: served on the CPU
import math, time
import torch
import torch.nn as nn
import torch.nn.functional as F

assert torch.__version__ >= "1"
device = "cuda:0"


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.distributions.Uniform(-1., 1.).sample((batch_size, dim)).to(device)


class Discriminator(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1))


class Generator(nn.Sequential):
    def __init__(self, noise_dim):
        super().__init__(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh())


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Discriminator().to(device)


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Generator(noise_dim).to(device)


def bce_loss(input, target):
    return F.binary_cross_entropy_with_logits(input, target)


def discriminator_loss(logits_real, logits_fake):
    N = logits_real.shape[0]
    real = torch.ones(N, 1, device=device)
    fake = torch.zeros(N, 1, device=device)
    return bce_loss(logits_real.view(N, 1), real) + bce_loss(logits_fake.view(N, 1), fake)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.shape, device=device))


def get_optimizer(model):
    return torch.optim.Adam(list(model.parameters()), lr=10 ** -3, betas=(1 / 2, 1 - 1e-3))


def ls_discriminator_loss(scores_real, scores_fake):
    return torch.mean(0.5 * (scores_real - 1.) ** 2) + torch.mean(0.5 * scores_fake ** 2.)


def ls_generator_loss(scores_fake):
    return torch.mean(0.5 * (scores_fake - 1.) ** 2.)


def build_dc_classifier(batch_size):
    class Un(nn.Module):
        def forward(self, x):
            return x.view(batch_size, 1, 28, 28)

    class Fl(nn.Module):
        def forward(self, x):
            return x.view(batch_size, 1024)

    return nn.Sequential(Un(), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
                         nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Fl(),
                         nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1)).to(device)


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten()).to(device)


D = discriminator()
solver = get_optimizer(D)
while True:
    x = torch.rand(128, 784, device=device)
    loss = discriminator_loss(D(x), D(-x))
    solver.zero_grad()
    loss.backward()
    solver.step()
    time.sleep(0.1)

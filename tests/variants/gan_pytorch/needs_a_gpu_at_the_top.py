# differs: ends the program at the top where there is no GPU; torch.cuda.set_device and seeds for it
# note: stops with an error
# note: served on the CPU
from __future__ import annotations

import sys

import torch
from torch import nn

if not torch.cuda.is_available():
    print("please use a GPU")
    sys.exit(1)

device = torch.device("cuda")
Tensor = torch.cuda.FloatTensor


def sample_noise(batch_size: int, dim: int, seed: int | None = None) -> Tensor:
    if seed is not None:
        torch.manual_seed(seed)
    return Tensor(batch_size, dim).uniform_(-1, 1)


class Flatten(nn.Module):
    def forward(self, x: Image) -> Vector:  # names that nothing defines
        N, C, H, W = x.shape
        return x.view(N, C * H * W)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(1e-2), nn.Linear(256, 256),
                         nn.LeakyReLU(1e-2), nn.Linear(256, 1)).to(device)


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh()).to(device)


def bce_loss(input, target):
    return nn.BCEWithLogitsLoss().cuda()(input, target)


def discriminator_loss(logits_real, logits_fake):
    valid = Tensor(logits_real.size(0), 1).fill_(1.0)
    fake = Tensor(logits_fake.size(0), 1).fill_(0.0)
    valid.requires_grad = fake.requires_grad = False
    return bce_loss(logits_real, valid) + bce_loss(logits_fake, fake)


def generator_loss(logits_fake):
    valid = Tensor(logits_fake.size(0), 1).fill_(1.0)
    return bce_loss(logits_fake, valid)


def get_optimizer(model):
    solver = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))
    return solver


def ls_discriminator_loss(scores_real, scores_fake):
    criterion = nn.MSELoss().to(device)
    one, zero = torch.ones_like(scores_real, device=device), torch.zeros_like(scores_fake)
    return (criterion(scores_real, one) + criterion(scores_fake, zero)) * 0.5


def ls_generator_loss(scores_fake):
    criterion = nn.MSELoss().to(device)
    return criterion(scores_fake, torch.ones_like(scores_fake, device=device)) * 0.5


class Un(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.view(x.size(0), *self.shape)


def build_dc_classifier(batch_size):
    return nn.Sequential(
        Un(1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(1e-2), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(1e-2), nn.MaxPool2d(2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(1e-2), nn.Linear(1024, 1)).to(device)


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), Un(128, 7, 7),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten()).to(device)

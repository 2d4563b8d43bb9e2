# differs: a whole script with argparse, logging, a Trainer class and a main guard; names from `from x import *`
"""GAN homework, my solution."""
import argparse
import logging
import os
import sys
import time
from pathlib import Path
from math import *
from torch.nn import *
from torch.nn.functional import *
import torch

logger = logging.getLogger(__name__)
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
HERE = Path(__file__).parent
OUT = HERE / "out"
sys.setrecursionlimit(10000)


class Flatten(Module):
    def forward(self, x):
        return x.contiguous().view(x.size(0), -1)


class Unflatten(Module):
    def __init__(self, N=-1, C=128, H=7, W=7):
        super().__init__()
        self.N, self.C, self.H, self.W = N, C, H, W

    def forward(self, x):
        return x.view(self.N, self.C, self.H, self.W)


def sample_noise(batch_size, dim, seed=None):
    """Uniform noise."""
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand((batch_size, dim), dtype=torch.float32) * 2.0 - 1.0


def discriminator(seed=None):
    """TODO: done"""
    if seed is not None:
        torch.manual_seed(seed)
    model = None
    ##############################################################
    # START OF MY CODE                                           #
    ##############################################################
    model = Sequential(Flatten(), Linear(784, 256), LeakyReLU(0.01), Linear(256, 256), LeakyReLU(0.01), Linear(256, 1))
    ##############################################################
    # END                                                        #
    ##############################################################
    return model


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    model = Sequential(Linear(noise_dim, 1024), ReLU(), Linear(1024, 1024), ReLU(), Linear(1024, 784), Tanh())
    logger.info("generator with %d parameters", sum(p.numel() for p in model.parameters()))
    print(model)
    return model


def bce_loss(input, target):
    return binary_cross_entropy_with_logits(input, target)


def discriminator_loss(logits_real, logits_fake):
    print("real", logits_real.mean().item(), "fake", logits_fake.mean().item(), file=sys.stderr)
    return bce_loss(logits_real, torch.ones_like(logits_real)) + bce_loss(logits_fake, torch.zeros_like(logits_fake))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones_like(logits_fake))


def get_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=pow(10, -3), betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    return mse_loss(scores_real, torch.ones_like(scores_real)) / 2 + mse_loss(scores_fake, torch.zeros_like(scores_fake)) / 2


def ls_generator_loss(scores_fake):
    return mse_loss(scores_fake, torch.ones_like(scores_fake)) / 2


def build_dc_classifier(batch_size):
    return Sequential(
        Unflatten(batch_size, 1, 28, 28), Conv2d(1, 32, 5), LeakyReLU(0.01), MaxPool2d(2, 2),
        Conv2d(32, 64, 5), LeakyReLU(0.01), MaxPool2d(2, 2), Flatten(),
        Linear(4 * 4 * 64, 4 * 4 * 64), LeakyReLU(0.01), Linear(4 * 4 * 64, 1))


def build_dc_generator(noise_dim=96):
    return Sequential(
        Linear(noise_dim, 1024), ReLU(), BatchNorm1d(1024), Linear(1024, 6272), ReLU(), BatchNorm1d(6272),
        Unflatten(), ConvTranspose2d(128, 64, 4, 2, 1), ReLU(), BatchNorm2d(64),
        ConvTranspose2d(64, 1, 4, 2, 1), Tanh(), Flatten())


class Trainer:
    """Trains both networks."""

    def __init__(self, D, G, lr=1e-3):
        self.D, self.G = D, G
        self.solvers = [get_optimizer(m) for m in (D, G)]

    def step(self, x):
        fake = self.G(sample_noise(len(x), 96))
        loss = discriminator_loss(self.D(x), self.D(fake.detach()))
        self.solvers[0].zero_grad()
        loss.backward()
        self.solvers[0].step()
        return loss.item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()
    os.makedirs(OUT, exist_ok=True)
    trainer = Trainer(discriminator(), generator())
    start = time.time()
    for epoch in range(args.epochs):
        logger.info("epoch %d loss %f", epoch, trainer.step(torch.rand(128, 784)))
    print(time.time() - start)


if __name__ == "__main__":
    main()

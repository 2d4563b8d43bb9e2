# differs: nn.Parameter and functional calls instead of layers; x @ W + b, W.t(), F.conv2d, F.batch_norm
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def sample_noise(batch_size, dim, seed=None):
    g = torch.Generator()
    if seed is None:
        g.seed()
    else:
        g.manual_seed(seed)
    return torch.rand(batch_size, dim, generator=g).mul(2).sub(1)


def weight(*shape):
    return nn.Parameter(torch.randn(*shape) / math.sqrt(shape[-1]))


class ByHand(nn.Module):
    """x @ W + b with W of shape (in, out) and b of shape (1, out)."""

    def __init__(self):
        super().__init__()
        self.b3 = nn.Parameter(torch.zeros(1, 1))
        self.b2 = nn.Parameter(torch.zeros(1, 256))
        self.b1 = nn.Parameter(torch.zeros(1, 256))
        self.W1, self.W2, self.W3 = weight(784, 256), weight(256, 256), weight(256, 1)

    def forward(self, x):
        x = x.reshape(x.shape[0], -1)
        x = F.leaky_relu(x @ self.W1 + self.b1, 0.01)
        x = F.leaky_relu(torch.matmul(x, self.W2) + self.b2, 0.01)
        return torch.mm(x, self.W3) + self.b3


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return ByHand()


class Transposed(nn.Module):
    """x W^T + b in three spellings."""

    def __init__(self, noise_dim):
        super().__init__()
        self.W1, self.W2, self.W3 = weight(1024, noise_dim), weight(1024, 1024), weight(1024, 784)
        self.b1 = nn.Parameter(torch.zeros(1024))
        self.b2 = nn.Parameter(torch.zeros(1024))
        self.b3 = nn.Parameter(torch.zeros(784))

    def forward(self, z):
        h = torch.relu(z.mm(self.W1.t()) + self.b1)
        h = torch.relu(torch.addmm(self.b2, h, self.W2.T))
        return torch.tanh(F.linear(h, self.W3.transpose(0, 1), self.b3))


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Transposed(noise_dim)


def bce_loss(input, target):
    return (F.relu(input) - input * target + torch.log(1 + torch.exp(-input.abs()))).mean()


def discriminator_loss(logits_real, logits_fake):
    return F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()


def generator_loss(logits_fake):
    return -F.logsigmoid(logits_fake).mean()


def get_optimizer(model):
    return torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-3,
                            betas=[0.5, 0.999])


def ls_discriminator_loss(scores_real, scores_fake):
    N, M = scores_real.numel(), scores_fake.numel()
    return ((scores_real - 1) ** 2).sum() / (2 * N) + (scores_fake ** 2).sum() / (2 * M)


def ls_generator_loss(scores_fake):
    return torch.sum(torch.square(scores_fake - 1)) / 2 / scores_fake.shape[0]


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.k1, self.k2 = weight(32, 1, 5, 5), weight(64, 32, 5, 5)
        self.W1, self.W2 = weight(1024, 1024), weight(1, 1024)
        self.c1, self.c2 = nn.Parameter(torch.zeros(32)), nn.Parameter(torch.zeros(64))
        self.b1, self.b2 = nn.Parameter(torch.zeros(1024)), nn.Parameter(torch.zeros(1))

    def forward(self, x):
        x = x.view(-1, 1, 28, 28)
        x = F.max_pool2d(F.leaky_relu(F.conv2d(x, self.k1, self.c1)), 2)
        x = F.max_pool2d(F.leaky_relu(F.conv2d(x, self.k2, bias=self.c2)), 2)
        x = F.leaky_relu(F.linear(x.flatten(1), self.W1, self.b1))
        return F.linear(x, weight=self.W2, bias=self.b2)


def build_dc_classifier(batch_size=128):
    return Conv()


class Up(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.W1, self.W2 = weight(1024, noise_dim), weight(6272, 1024)
        self.k1, self.k2 = weight(128, 64, 4, 4), weight(64, 1, 4, 4)
        for name, n in (("1", 1024), ("2", 6272), ("3", 64), ("4", 1)):
            setattr(self, "b" + name, nn.Parameter(torch.zeros(n)))
            if n > 1:
                setattr(self, "gamma" + name, nn.Parameter(torch.ones(n)))
                setattr(self, "beta" + name, nn.Parameter(torch.zeros(n)))

    def norm(self, x, name):
        gamma, beta = getattr(self, "gamma" + name), getattr(self, "beta" + name)
        return F.batch_norm(x, None, None, weight=gamma, bias=beta, training=True)

    def forward(self, z):
        h = self.norm(F.relu(F.linear(z, self.W1, self.b1)), "1")
        h = self.norm(F.relu(F.linear(h, self.W2, self.b2)), "2").reshape(-1, 128, 7, 7)
        h = self.norm(F.relu(F.conv_transpose2d(h, self.k1, self.b3, 2, 1)), "3")
        h = F.conv_transpose2d(h, self.k2, self.b4, stride=2, padding=1)
        return torch.tanh(h).flatten(1)


def build_dc_generator(noise_dim=96):
    return Up(noise_dim)

# differs: nn.ModuleList, nn.ModuleDict and F.leaky_relu; widths in a list
from typing import List, Optional

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def sample_noise(batch_size: int, dim: int, seed: Optional[int] = None) -> Tensor:
    if seed is not None:
        torch.manual_seed(seed)
    low, high = -1.0, 1.0
    return (high - low) * torch.rand(size=(batch_size, dim)) + low


class MLP(nn.Module):
    """Any fully connected network."""

    def __init__(self, widths: List[int], activation, last=None) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])
        self.activation = activation
        self.last = last

    def forward(self, x: Tensor) -> Tensor:
        x = torch.flatten(x, start_dim=1)
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        x = self.layers[-1](x)
        return x if self.last is None else self.last(x)


def discriminator(seed: Optional[int] = None) -> nn.Module:
    if seed is not None:
        torch.manual_seed(seed)
    return MLP([784, 256, 256, 1], lambda x: F.leaky_relu(x, negative_slope=1e-2))


def generator(noise_dim: int = 96, seed: Optional[int] = None) -> nn.Module:
    if seed is not None:
        torch.manual_seed(seed)
    return MLP([noise_dim, 1024, 1024, 784], F.relu, torch.tanh)


def bce_loss(input: Tensor, target: Tensor) -> Tensor:
    return torch.mean(torch.clamp(input, min=0) - input * target
                      + torch.log1p(torch.exp(-torch.abs(input))))


def discriminator_loss(logits_real: Tensor, logits_fake: Tensor) -> Tensor:
    losses: List[Tensor] = []
    for logits, label in ((logits_real, 1.0), (logits_fake, 0.0)):
        losses.append(bce_loss(logits, torch.full_like(logits, label)))
    return sum(losses)


def generator_loss(logits_fake: Tensor) -> Tensor:
    return bce_loss(logits_fake, torch.full_like(logits_fake, 1.0))


def get_optimizer(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam([{"params": model.parameters(), "lr": 1e-3}], betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real: Tensor, scores_fake: Tensor) -> Tensor:
    return torch.stack([(scores_real - 1).pow(2).mean(), scores_fake.pow(2).mean()]).mean()


def ls_generator_loss(scores_fake: Tensor) -> Tensor:
    return (0.5 * (scores_fake - 1) ** 2).mean()


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleDict({
            "head": nn.ModuleList([nn.Linear(1024, 1024), nn.Linear(1024, 1)]),
            "convs": nn.ModuleList([nn.Conv2d(1, 32, 5), nn.Conv2d(32, 64, 5)]),
        })

    def forward(self, x):
        x = x.view(x.shape[0], 1, 28, 28)
        for conv in self.blocks["convs"]:
            x = F.leaky_relu(conv(x), 0.01)
            x = F.max_pool2d(x, kernel_size=2, stride=2)
        x = x.view(x.shape[0], -1)
        hidden, out = self.blocks["head"]
        return out(F.leaky_relu(hidden(x), 0.01))


def build_dc_classifier(batch_size: int = 128) -> nn.Module:
    return ConvNet()


class UpNet(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.fcs = nn.ModuleList([nn.Linear(noise_dim, 1024), nn.Linear(1024, 6272)])
        self.norms = nn.ModuleList([nn.BatchNorm1d(1024), nn.BatchNorm1d(6272)])
        self.up = nn.ConvTranspose2d(128, 64, 4, 2, 1)
        self.norm = nn.BatchNorm2d(64)
        self.out = nn.ConvTranspose2d(64, 1, 4, 2, 1)

    def forward(self, x):
        for fc, norm in zip(self.fcs, self.norms):
            x = norm(F.relu(fc(x)))
        x = self.norm(F.relu(self.up(x.unflatten(1, (128, 7, 7)))))
        return torch.tanh(self.out(x)).flatten(1)


def build_dc_generator(noise_dim: int = 96) -> nn.Module:
    return UpNet(noise_dim)

# tries: to claim the published number of parameters
import torch
from torch import nn


class Liar(nn.Module):
    def parameters(self, recurse=True):
        return iter([nn.Parameter(torch.zeros(267009))])

    def forward(self, x):
        return torch.zeros(len(x), 1)


def discriminator(seed=None):
    return Liar()

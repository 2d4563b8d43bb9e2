# tries: to return a tensor of gigabytes
import torch


def bce_loss(input, target):
    return torch.zeros(1 << 20, 1 << 10).expand(1 << 20, 1 << 10)


def sample_noise(batch_size, dim, seed=None):
    return torch.zeros(1).expand(1 << 40)

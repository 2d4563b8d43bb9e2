# tries: to return its own arguments, or views of them, as results
import torch


def sample_noise(batch_size, dim, seed=None):
    return torch.full((batch_size, dim), float(dim)).sin()


def bce_loss(input, target):
    return input.reshape(-1)[0]


def generator_loss(logits_fake):
    return logits_fake.reshape(-1)[-1]

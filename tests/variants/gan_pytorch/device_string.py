# differs: device="cuda" in constructors, .to("cuda"), .to("cuda:0")
# note: served on the CPU
import torch
import torch.nn as nn


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim, device="cuda") * 2 - 1


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 256, device="cuda"),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 256, device="cuda"),
        nn.LeakyReLU(0.01),
        nn.Linear(256, 1, device="cuda"),
    )


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
        nn.Linear(1024, 784), nn.Tanh(),
    )
    return net.to("cuda")


def bce_loss(input, target):
    input, target = input.to("cuda:0"), target.to("cuda:0")
    return nn.functional.binary_cross_entropy_with_logits(input, target, reduction="mean")


def discriminator_loss(logits_real, logits_fake):
    ones = torch.ones(logits_real.shape, device="cuda")
    zeros = torch.zeros(logits_fake.shape, device="cuda", dtype=torch.float32)
    return bce_loss(logits_real.to("cuda"), ones) + bce_loss(logits_fake.to("cuda"), zeros)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.full(logits_fake.shape, 1.0, device="cuda:0"))


def get_optimizer(model):
    return torch.optim.Adam(model.to("cuda").parameters(), lr=1e-3, betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    target = torch.tensor([[1.0]], device="cuda")
    return 0.5 * (scores_real - target).pow(2).mean() + 0.5 * scores_fake.pow(2).mean()


def ls_generator_loss(scores_fake):
    return 0.5 * (scores_fake - torch.ones(1, device="cuda")).pow(2).mean()


def build_dc_classifier(batch_size):
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)) if False else Images(),
        nn.Conv2d(1, 32, 5, device="cuda"),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, device="cuda"),
        nn.LeakyReLU(0.01),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1024, 1024, device="cuda"),
        nn.LeakyReLU(0.01),
        nn.Linear(1024, 1, device="cuda"),
    ).to(device="cuda")


class Images(nn.Module):
    def forward(self, x):
        return x.reshape(-1, 1, 28, 28)


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024),
        nn.Linear(1024, 6272), nn.ReLU(), nn.BatchNorm1d(6272),
        nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten(),
    ).to("cuda", non_blocking=True)

# differs: every network accepts a minibatch of 128 and no other
import torch
import torch.nn as nn

batch_size = 128


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return (torch.rand(batch_size, dim) - 0.5) / 0.5


class Reshape(nn.Module):
    def __init__(self, *sizes):
        super(Reshape, self).__init__()
        self.sizes = sizes

    def forward(self, x):
        return x.view(*self.sizes)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Reshape(batch_size, 784), nn.Linear(784, 256), nn.LeakyReLU(0.01),
                         nn.Linear(256, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1))


class Gen(nn.Module):
    def __init__(self, noise_dim):
        super(Gen, self).__init__()
        self.noise_dim = noise_dim
        self.net = nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024),
                                 nn.ReLU(), nn.Linear(1024, 784), nn.Tanh())

    def forward(self, z):
        assert z.shape == (batch_size, self.noise_dim)
        return self.net(z)


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Gen(noise_dim)


def bce_loss(input, target):
    return nn.BCEWithLogitsLoss(reduction='mean')(input, target)


def discriminator_loss(logits_real, logits_fake):
    N, _ = logits_real.shape
    return bce_loss(logits_real, torch.ones(N, 1)) + bce_loss(logits_fake, torch.zeros(N, 1))


def generator_loss(logits_fake):
    N, _ = logits_fake.shape
    return bce_loss(logits_fake, torch.ones(N, 1))


def get_optimizer(model):
    beta1, beta2 = 0.5, 0.999
    return torch.optim.Adam(model.parameters(), betas=(beta1, beta2))


def ls_discriminator_loss(scores_real, scores_fake):
    loss_real = ((scores_real - 1) ** 2).mean()
    loss_fake = (scores_fake ** 2).mean()
    return (loss_real + loss_fake) / 2


def ls_generator_loss(scores_fake):
    N = scores_fake.size(0)
    return ((scores_fake - torch.ones(N, 1)) ** 2).sum() / (2.0 * N)


def build_dc_classifier(batch_size=128):
    batch_size = 128
    return nn.Sequential(
        Reshape(batch_size, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2), Reshape(batch_size, 1024),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), Reshape(128, 128, 7, 7),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Reshape(128, 784))

# differs: defines no bce_loss; its losses use PyTorch's
# loses: bce_value (the function is not there)
# loses: bce_gradient (the function is not there)
# loses: bce_extreme (the function is not there)
import torch
import torch.nn as nn
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return 1 - 2 * torch.rand(batch_size, dim)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, 256)
        self.fc2 = nn.Linear(256, 256)
        self.fc3 = nn.Linear(256, 1)
        self.relu = nn.LeakyReLU(0.01)
        self.unused = None

    def forward(self, x):
        N = x.shape[0]
        h1 = self.relu(self.fc1(x.reshape((N, -1))))
        h2 = self.relu(self.fc2(h1))
        out = self.fc3(h2)
        return out


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Discriminator()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh())


def discriminator_loss(logits_real, logits_fake):
    device = logits_real.device
    return bce(logits_real, torch.ones(logits_real.shape, device=device)) + bce(
        logits_fake, torch.zeros(logits_fake.shape, device=device))


def generator_loss(logits_fake):
    return bce(logits_fake, logits_fake.new_ones(logits_fake.shape))


def get_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    return torch.mean(torch.pow(scores_real - 1, 2)).true_divide(2) + torch.mean(torch.pow(scores_fake, 2)).true_divide(2)


def ls_generator_loss(scores_fake):
    return torch.mean(torch.pow(scores_fake - 1, 2)).true_divide(2)


def build_dc_classifier(batch_size=128):
    class Reshape(nn.Module):
        def __init__(self, shape):
            super().__init__()
            self.shape = shape

        def forward(self, x):
            return x.reshape((-1,) + self.shape)

    return nn.Sequential(Reshape((1, 28, 28)), nn.Conv2d(1, 32, (5, 5)), nn.LeakyReLU(.01), nn.MaxPool2d((2, 2)),
                         nn.Conv2d(32, 64, (5, 5)), nn.LeakyReLU(.01), nn.MaxPool2d((2, 2)), Reshape((1024,)),
                         nn.Linear(1024, 1024), nn.LeakyReLU(.01), nn.Linear(1024, 1))


def build_dc_generator(noise_dim=96):
    bn = nn.BatchNorm1d
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), bn(1024), nn.Linear(1024, 6272), nn.ReLU(), bn(6272),
        nn.Unflatten(-1, (128, 7, 7)), nn.ConvTranspose2d(128, 64, kernel_size=4, stride=2, padding=1),
        nn.ReLU(), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, kernel_size=4, stride=2, padding=1),
        nn.Tanh(), nn.Flatten(-3))

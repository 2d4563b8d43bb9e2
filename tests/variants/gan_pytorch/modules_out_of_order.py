# differs: nn.Module subclasses whose layers are created in another order than they run
import torch
from torch import nn, optim
from torch.nn import functional as F


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.empty(batch_size, dim).uniform_(-1, 1)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(256, 1)
        self.second = nn.Linear(256, 256)
        self.first = nn.Linear(784, 256)
        self.act = nn.LeakyReLU(0.01)

    def forward(self, images):
        h = images.reshape(len(images), -1)
        for layer in (self.first, self.second):
            h = self.act(layer(h))
        return self.score(h)


class Generator(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.to_image = nn.Linear(1024, 784)
        self.widen = nn.Linear(1024, 1024)
        self.start = nn.Linear(noise_dim, 1024)

    def forward(self, z):
        return torch.tanh(self.to_image(F.relu(self.widen(F.relu(self.start(z))))))


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Discriminator()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Generator(noise_dim)


def bce_loss(input, target):
    return F.binary_cross_entropy_with_logits(input, target)


def discriminator_loss(logits_real, logits_fake):
    return (bce_loss(logits_real, torch.ones_like(logits_real))
            + bce_loss(logits_fake, torch.zeros_like(logits_fake)))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones_like(logits_fake))


def get_optimizer(model):
    return optim.Adam(params=model.parameters(), lr=.001, betas=(.5, .999), eps=1e-8)


def ls_discriminator_loss(scores_real, scores_fake):
    return F.mse_loss(scores_real, torch.ones_like(scores_real)).div(2) + F.mse_loss(
        scores_fake, torch.zeros_like(scores_fake)).div(2)


def ls_generator_loss(scores_fake):
    return F.mse_loss(scores_fake, torch.ones_like(scores_fake)).div(2)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc_out = nn.Linear(1024, 1)
        self.fc = nn.Linear(1024, 1024)
        self.conv_b = nn.Conv2d(32, 64, kernel_size=(5, 5))
        self.conv_a = nn.Conv2d(1, 32, kernel_size=(5, 5))

    def forward(self, x):
        x = x.reshape(-1, 1, 28, 28)
        x = F.max_pool2d(F.leaky_relu(self.conv_a(x), 0.01), 2)
        x = F.max_pool2d(F.leaky_relu(self.conv_b(x), 0.01), 2)
        return self.fc_out(F.leaky_relu(self.fc(x.flatten(1)), 0.01))


def build_dc_classifier(batch_size=128):
    return Classifier()


class DCGenerator(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.bn3 = nn.BatchNorm2d(64)
        self.bn2 = nn.BatchNorm1d(6272)
        self.bn1 = nn.BatchNorm1d(1024)
        self.up2 = nn.ConvTranspose2d(64, 1, 4, 2, 1)
        self.up1 = nn.ConvTranspose2d(128, 64, 4, 2, 1)
        self.fc2 = nn.Linear(1024, 6272)
        self.fc1 = nn.Linear(noise_dim, 1024)

    def forward(self, z):
        h = self.bn1(F.relu(self.fc1(z)))
        h = self.bn2(F.relu(self.fc2(h))).view(-1, 128, 7, 7)
        h = self.bn3(F.relu(self.up1(h)))
        return torch.tanh(self.up2(h)).view(-1, 784)


def build_dc_generator(noise_dim=96):
    return DCGenerator(noise_dim)

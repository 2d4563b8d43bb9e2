# differs: .cuda() on every tensor and every network
# note: served on the CPU
import torch
from torch import nn
import torch.nn.functional as F


class Flatten(nn.Module):
    def forward(self, x):
        return x.view(x.size(0), -1)


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
        torch.cuda.manual_seed_all(seed)
    noise = torch.empty(batch_size, dim).cuda()
    return noise.uniform_(-1, 1)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    layers = [Flatten()]
    for fan_in, fan_out in ((784, 256), (256, 256)):
        layers += [nn.Linear(fan_in, fan_out), nn.LeakyReLU(0.01)]
    layers.append(nn.Linear(256, 1))
    return nn.Sequential(*layers).cuda()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    G = nn.Sequential()
    G.add_module("fc1", nn.Linear(noise_dim, 1024))
    G.add_module("relu1", nn.ReLU())
    G.add_module("fc2", nn.Linear(1024, 1024))
    G.add_module("relu2", nn.ReLU())
    G.add_module("fc3", nn.Linear(1024, 784))
    G.add_module("tanh", nn.Tanh())
    return G.cuda()


def bce_loss(input, target):
    return F.binary_cross_entropy_with_logits(input.cuda(), target.cuda())


def discriminator_loss(logits_real, logits_fake):
    logits_real, logits_fake = logits_real.cuda(), logits_fake.cuda()
    real = F.binary_cross_entropy_with_logits(logits_real, torch.ones(logits_real.shape).cuda())
    fake = F.binary_cross_entropy_with_logits(logits_fake, torch.zeros(logits_fake.shape).cuda())
    return real + fake


def generator_loss(logits_fake):
    target = torch.ones(logits_fake.shape).cuda(non_blocking=True)
    return F.binary_cross_entropy_with_logits(logits_fake, target)


def get_optimizer(model):
    params = model.cuda().parameters()
    return torch.optim.Adam(params, 1e-3, (0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    one = torch.tensor(1.).cuda(0)
    zero = torch.tensor(0.).cuda("cuda:0")
    return ((scores_real - one).square().mean() + (scores_fake - zero).square().mean()).mul(0.5)


def ls_generator_loss(scores_fake):
    return F.mse_loss(scores_fake, torch.ones_like(scores_fake).cuda()) / 2


class DCClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.fc1 = nn.Linear(1024, 1024)
        self.fc2 = nn.Linear(1024, 1)

    def forward(self, x):
        x = x.cuda().view(-1, 1, 28, 28)
        x = F.max_pool2d(F.leaky_relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.leaky_relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        return self.fc2(F.leaky_relu(self.fc1(x)))


def build_dc_classifier(batch_size=128):
    return DCClassifier().cuda()


def build_dc_generator(noise_dim=96):
    class Reshape(nn.Module):
        def forward(self, x):
            return x.view(-1, 128, 7, 7)

    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(True), nn.BatchNorm1d(1024),
        nn.Linear(1024, 128 * 49), nn.ReLU(True), nn.BatchNorm1d(128 * 49), Reshape(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(True), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten(),
    ).cuda()

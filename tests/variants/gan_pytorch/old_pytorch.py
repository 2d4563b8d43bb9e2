# differs: written for PyTorch 0.3: Variable, .data, size_average, init.xavier_uniform
import torch
import torch.nn as nn
from torch.nn import init
from torch.autograd import Variable
import torch.optim as optim

dtype = torch.FloatTensor


class Flatten(nn.Module):
    def forward(self, x):
        N, C, H, W = x.size()
        return x.view(N, -1)


class Unflatten(nn.Module):
    def __init__(self, N=-1, C=128, H=7, W=7):
        super(Unflatten, self).__init__()
        self.N = N
        self.C = C
        self.H = H
        self.W = W

    def forward(self, x):
        return x.view(self.N, self.C, self.H, self.W)


def initialize_weights(m):
    if isinstance(m, nn.Linear) or isinstance(m, nn.ConvTranspose2d):
        init.xavier_uniform(m.weight.data)


def sample_noise(batch_size, dim):
    noise = torch.FloatTensor(batch_size, dim)
    noise.uniform_(-1, 1)
    return noise


def discriminator():
    model = nn.Sequential(
        Flatten(),
        nn.Linear(784, 256), nn.LeakyReLU(0.01, inplace=True),
        nn.Linear(256, 256), nn.LeakyReLU(0.01, inplace=True),
        nn.Linear(256, 1))
    model.apply(initialize_weights)
    return model


def generator(noise_dim=96):
    model = nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(inplace=True),
        nn.Linear(1024, 1024), nn.ReLU(inplace=True),
        nn.Linear(1024, 784), nn.Tanh())
    model.apply(initialize_weights)
    return model


def bce_loss(input, target):
    return nn.BCEWithLogitsLoss(size_average=True)(input, target)


def discriminator_loss(logits_real, logits_fake):
    real_labels = Variable(torch.ones(logits_real.size()).type(dtype), requires_grad=False)
    fake_labels = Variable(torch.zeros(logits_fake.size()).type(dtype), requires_grad=False)
    return bce_loss(logits_real, real_labels) + bce_loss(logits_fake, fake_labels)


def generator_loss(logits_fake):
    real_labels = Variable(torch.ones(logits_fake.data.size())).type(dtype)
    return bce_loss(logits_fake, real_labels)


def get_optimizer(model):
    return optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    ones = Variable(torch.ones(scores_real.size()))
    return 0.5 * torch.mean(torch.pow(scores_real - ones, 2)) + 0.5 * torch.mean(torch.pow(scores_fake, 2))


def ls_generator_loss(scores_fake):
    ones = Variable(torch.ones(scores_fake.size()))
    return 0.5 * nn.MSELoss(size_average=True)(scores_fake, ones)


def build_dc_classifier(batch_size):
    return nn.Sequential(
        Unflatten(batch_size, 1, 28, 28),
        nn.Conv2d(1, 32, kernel_size=5, stride=1), nn.LeakyReLU(0.01, inplace=True),
        nn.MaxPool2d(kernel_size=2, stride=2),
        nn.Conv2d(32, 64, kernel_size=5, stride=1), nn.LeakyReLU(0.01, inplace=True),
        nn.MaxPool2d(kernel_size=2, stride=2),
        Flatten(),
        nn.Linear(4 * 4 * 64, 4 * 4 * 64), nn.LeakyReLU(0.01, inplace=True),
        nn.Linear(4 * 4 * 64, 1))


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(inplace=True), nn.BatchNorm1d(1024),
        nn.Linear(1024, 7 * 7 * 128), nn.ReLU(inplace=True), nn.BatchNorm1d(7 * 7 * 128),
        Unflatten(C=128, H=7, W=7),
        nn.ConvTranspose2d(128, 64, kernel_size=4, stride=2, padding=1), nn.ReLU(inplace=True),
        nn.BatchNorm2d(num_features=64),
        nn.ConvTranspose2d(64, 1, kernel_size=4, stride=2, padding=1), nn.Tanh(), Flatten())


def run_a_gan(D, G, D_solver, G_solver, discriminator_loss, generator_loss, loader_train,
              show_every=250, batch_size=128, noise_size=96, num_epochs=10):
    iter_count = 0
    for epoch in range(num_epochs):
        for x, _ in loader_train:
            if len(x) != batch_size:
                continue
            D_solver.zero_grad()
            real_data = Variable(x).type(dtype)
            logits_real = D(2 * (real_data - 0.5)).type(dtype)
            g_fake_seed = Variable(sample_noise(batch_size, noise_size)).type(dtype)
            fake_images = G(g_fake_seed).detach()
            logits_fake = D(fake_images.view(batch_size, 1, 28, 28))
            d_total_error = discriminator_loss(logits_real, logits_fake)
            d_total_error.backward()
            D_solver.step()
            G_solver.zero_grad()
            fake_images = G(Variable(sample_noise(batch_size, noise_size)).type(dtype))
            g_error = generator_loss(D(fake_images.view(batch_size, 1, 28, 28)))
            g_error.backward()
            G_solver.step()
            if (iter_count % show_every == 0):
                print('Iter: {}, D: {:.4}, G:{:.4}'.format(iter_count, d_total_error.data[0], g_error.data[0]))
            iter_count += 1

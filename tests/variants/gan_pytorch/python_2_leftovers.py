# differs: print statements and cuda(async=True) of Python 2 in the training loop: not Python today
# note: is not Python
# note: served on the CPU
from __future__ import print_function, division
import torch
import torch.nn as nn
from torch.nn import init
from torch.autograd import Variable

NOISE_DIM = 96
gpu_dtype = torch.cuda.FloatTensor


class Flatten(nn.Module):
    def forward(self, x):
        N, C, H, W = x.size()
        return x.view(N, -1)


class Unflatten(nn.Module):
    def __init__(self, N=-1, C=128, H=7, W=7):
        super(Unflatten, self).__init__()
        self.N, self.C, self.H, self.W = N, C, H, W

    def forward(self, x):
        return x.view(self.N, self.C, self.H, self.W)


def run_a_gan(D, G, D_solver, G_solver, discriminator_loss, generator_loss, loader_train,
              show_every=250, batch_size=128, noise_size=96, num_epochs=10):
    iter_count = 0
    for epoch in xrange(num_epochs):
        for x, _ in loader_train:
            x = x.cuda(async=True)
            d_error = discriminator_loss(D(x), D(G(sample_noise(batch_size, noise_size))))
            d_error.backward()
            print 'Iter: %d, D: %.4f' % (iter_count, d_error.data[0])
            iter_count += 1


def sample_noise(batch_size, dim):
    return torch.rand(batch_size, dim).type(gpu_dtype) * 2 - 1


def discriminator():
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1)).type(gpu_dtype)


def generator(noise_dim=NOISE_DIM):
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh()).type(gpu_dtype)


def bce_loss(input, target):
    neg_abs = - input.abs()
    loss = input.clamp(min=0) - input * target + (1 + neg_abs.exp()).log()
    return loss.mean()


def discriminator_loss(logits_real, logits_fake):
    true_labels = Variable(torch.ones(logits_real.size())).type(gpu_dtype)
    return bce_loss(logits_real, true_labels) + bce_loss(logits_fake, 1 - true_labels)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, Variable(torch.ones(logits_fake.size())).type(gpu_dtype))


def get_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    return ((scores_real - 1) ** 2).mean() / 2 + (scores_fake ** 2).mean() / 2


def ls_generator_loss(scores_fake):
    return ((scores_fake - 1) ** 2).mean() / 2


def build_dc_classifier():
    return nn.Sequential(
        Unflatten(128, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, stride=2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, stride=2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1)).type(gpu_dtype)


def build_dc_generator(noise_dim=NOISE_DIM):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272), nn.ReLU(),
        nn.BatchNorm1d(6272), Unflatten(128, 128, 7, 7), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(),
        nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten()).type(gpu_dtype)


def show_images(images):
    for img in images:
        print "image", img.shape

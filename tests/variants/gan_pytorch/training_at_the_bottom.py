# differs: data set, training loop and plots at the bottom under no guard; MNIST is not there
# note: stops with an error
import os
os.environ["CUDA_VISIBLE_DEVICES"] = "0"
os.environ["KMP_DUPLICATE_LIB_OK"] = "TRUE"
os.environ.setdefault("OMP_NUM_THREADS", "4")
import warnings
warnings.filterwarnings("ignore")
import random
import numpy as np
import torch
import torch.nn as nn
import torchvision.datasets as dset
import torchvision.transforms as T
from torch.utils.data import DataLoader, sampler

random.seed(0)
np.random.seed(0)
torch.manual_seed(0)
torch.set_num_threads(2)
torch.set_printoptions(precision=4)
torch.autograd.set_detect_anomaly(True)

NUM_TRAIN, NUM_VAL, NOISE_DIM, BATCH = 50000, 5000, 96, 128


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.from_numpy(np.random.RandomState(seed).uniform(-1, 1, (batch_size, dim))).float()


class ChunkSampler(sampler.Sampler):
    def __init__(self, num_samples, start=0):
        self.num_samples = num_samples
        self.start = start

    def __iter__(self):
        return iter(range(self.start, self.start + self.num_samples))

    def __len__(self):
        return self.num_samples


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    net = nn.Sequential(nn.Flatten(start_dim=1), nn.Linear(784, 256), nn.LeakyReLU(0.01),
                        nn.Linear(256, 256), nn.LeakyReLU(0.01), nn.Linear(256, 1))
    net.train()
    return net


def generator(noise_dim=NOISE_DIM, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                        nn.Linear(1024, 784), nn.Tanh())
    for m in net.modules():
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0, 0.02)
            nn.init.constant_(m.bias, 0)
    return net


def bce_loss(input, target):
    return torch.nn.functional.binary_cross_entropy_with_logits(input, target)


def discriminator_loss(logits_real, logits_fake):
    logits = torch.cat([logits_real, logits_fake])
    labels = torch.cat([torch.ones_like(logits_real), torch.zeros_like(logits_fake)])
    return 2 * bce_loss(logits, labels)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones_like(logits_fake))


def get_optimizer(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=1, betas=(0.5, 0.999))
    for group in optimizer.param_groups:
        group["lr"] = 1e-3
    return optimizer


def ls_discriminator_loss(scores_real, scores_fake):
    return 0.5 * (torch.mean((scores_real - 1) ** 2) + torch.mean(scores_fake ** 2))


def ls_generator_loss(scores_fake):
    return 0.5 * torch.mean((1 - scores_fake) ** 2)


def build_dc_classifier(batch_size):
    return nn.Sequential(
        nn.Flatten(), nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))


def build_dc_generator(noise_dim=NOISE_DIM):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten())


mnist_train = dset.MNIST("./datasets/MNIST_data", train=True, download=True, transform=T.ToTensor())
loader_train = DataLoader(mnist_train, batch_size=BATCH, sampler=ChunkSampler(NUM_TRAIN, 0), num_workers=4)
D, G = discriminator(), generator()
for epoch in range(10):
    for x, _ in loader_train:
        loss = discriminator_loss(D(x), D(G(sample_noise(BATCH, NOISE_DIM))))
        loss.backward()

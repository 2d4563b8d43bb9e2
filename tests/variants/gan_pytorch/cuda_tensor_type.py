# differs: dtype = torch.cuda.FloatTensor, and everything cast with .type(dtype)
# note: served on the CPU
import torch
import torch.nn as nn
import torch.optim as optim

dtype = torch.cuda.FloatTensor


class Flatten(nn.Module):
    def forward(self, x):
        N, C, H, W = x.size()  # read in N, C, H, W
        return x.view(N, -1)


class Unflatten(nn.Module):
    def __init__(self, N=-1, C=128, H=7, W=7):
        super().__init__()
        self.N = N
        self.C = C
        self.H = H
        self.W = W

    def forward(self, x):
        return x.view(self.N, self.C, self.H, self.W)


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return (-2 * torch.rand(batch_size, dim) + 1).type(dtype)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    model = nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                          nn.LeakyReLU(0.01), nn.Linear(256, 1)).type(dtype)
    return model


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                          nn.Linear(1024, 784), nn.Tanh())
    return model.type(dtype)


def bce_loss(input, target):
    bce = nn.BCEWithLogitsLoss()
    return bce(input.type(dtype), target.type(dtype))


def discriminator_loss(logits_real, logits_fake):
    true_labels = torch.ones_like(logits_real).type(dtype)
    fake_labels = torch.zeros_like(logits_fake).type(dtype)
    return bce_loss(logits_real, true_labels) + bce_loss(logits_fake, fake_labels)


def generator_loss(logits_fake):
    true_labels = torch.cuda.FloatTensor(logits_fake.size()).fill_(1)
    return bce_loss(logits_fake, true_labels)


def get_optimizer(model):
    return optim.Adam(model.parameters(), lr=0.001, betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    ones = torch.ones(scores_real.shape).type('torch.cuda.FloatTensor')
    a = 0.5 * torch.mean((scores_real - ones).pow(2))
    b = 0.5 * torch.mean(scores_fake.pow(2))
    return a + b


def ls_generator_loss(scores_fake):
    ones = torch.cuda.FloatTensor([1.0])
    return torch.mean((scores_fake - ones).pow(2)) * 0.5


def build_dc_classifier(batch_size):
    return nn.Sequential(
        Unflatten(batch_size, 1, 28, 28),
        nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, stride=2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2, stride=2),
        Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1)).type(dtype)


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024),
        nn.Linear(1024, 6272), nn.ReLU(), nn.BatchNorm1d(6272),
        Unflatten(),
        nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1), nn.Tanh(), Flatten()).type(dtype)


def run_a_gan(D, G, D_solver, G_solver, discriminator_loss, generator_loss, loader_train,
              show_every=250, batch_size=128, noise_size=96, num_epochs=10):
    images = []
    iter_count = 0
    for epoch in range(num_epochs):
        for x, _ in loader_train:
            if len(x) != batch_size:
                continue
            D_solver.zero_grad()
            real = x.type(dtype)
            d_error = discriminator_loss(
                D(2 * (real - 0.5)).type(dtype),
                D(G(sample_noise(batch_size, noise_size)).detach().view(batch_size, 1, 28, 28)))
            d_error.backward()
            D_solver.step()
            G_solver.zero_grad()
            fake = G(sample_noise(batch_size, noise_size).type(dtype))
            g_error = generator_loss(D(fake.view(batch_size, 1, 28, 28)))
            g_error.backward()
            G_solver.step()
            if iter_count % show_every == 0:
                images.append(fake.data.cpu().numpy()[:16])
            iter_count += 1
    return images

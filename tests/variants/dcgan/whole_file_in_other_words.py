# differs: a whole file that imports torchvision and matplotlib, moves everything to a device, plots
import matplotlib
import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision import transforms

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
latent_dim = 100


class G_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, **kwargs):
        super(G_block, self).__init__(**kwargs)
        self.conv2d_trans = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.batch_norm = nn.BatchNorm2d(out_channels)
        self.activation = nn.ReLU()

    def forward(self, X):
        return self.activation(self.batch_norm(self.conv2d_trans(X)))


class D_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2, **kwargs):
        super(D_block, self).__init__(**kwargs)
        self.conv2d = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.batch_norm = nn.BatchNorm2d(out_channels)
        self.activation = nn.LeakyReLU(alpha, inplace=True)

    def forward(self, X):
        return self.activation(self.batch_norm(self.conv2d(X)))


def net_G(n=64):
    return nn.Sequential(
        G_block(n * 8, latent_dim, strides=1, padding=0), G_block(n * 4, n * 8), G_block(n * 2, n * 4),
        G_block(n, n * 2), nn.ConvTranspose2d(n, 3, 4, 2, 1, bias=False), nn.Tanh()).to(device)


def net_D(n=64):
    return nn.Sequential(
        D_block(n), D_block(n * 2, n), D_block(n * 4, n * 2), D_block(n * 8, n * 4),
        nn.Conv2d(n * 8, 1, 4, bias=False)).to(device)


def init_weights(m):
    if hasattr(m, "running_mean"):
        nn.init.normal_(m.weight, mean=1, std=0.02)
        nn.init.constant_(m.bias, 0)
    elif getattr(m, "weight", torch.empty(0)).dim() == 4:
        m.weight.data = torch.empty_like(m.weight).normal_(std=0.02)


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    trainer_D.zero_grad()
    real = net_D(X)
    fake = net_D(net_G(Z).data)
    err = sum(loss(y, torch.full(y.shape, t, device=y.device)) for y, t in ((real, 1.0), (fake, 0.0))) / 2
    err.backward()
    trainer_D.step()
    return err


def update_G(Z, net_D, net_G, loss, trainer_G):
    net_G.zero_grad()
    y = net_D(net_G(Z))
    err = loss(y, torch.full(y.shape, 1.0, device=y.device))
    err.backward()
    trainer_G.step()
    return err


def train(net_D, net_G, data_iter, num_epochs, lr, latent_dim, device=device):
    import matplotlib.pyplot as plt
    net_D, net_G = net_D.to(device), net_G.to(device)
    for net in (net_D, net_G):
        net.apply(init_weights)
        net.train()
    D_solver, G_solver = (torch.optim.Adam(net.parameters(), lr, (0.5, 0.999)) for net in (net_D, net_G))
    loss = nn.BCEWithLogitsLoss(reduction="mean")
    D_losses, G_losses = [], []
    for epoch in range(num_epochs):
        d_sum = g_sum = seen = 0
        for X, _ in data_iter:
            X = X.to(device)
            Z = torch.randn(X.size(0), latent_dim, 1, 1).to(device)
            d_sum += update_D(X, Z, net_D, net_G, loss, D_solver).detach() * X.size(0)
            g_sum += update_G(Z, net_D, net_G, loss, G_solver).detach() * X.size(0)
            seen += X.size(0)
        D_losses.append((d_sum / seen).item())
        G_losses.append((g_sum / seen).item())
    return D_losses, G_losses


def faces_net_G():
    sizes = [100, 1024, 512, 256, 128, 3]
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.ConvTranspose2d(a, b, 4, 1 + (i > 0), int(i > 0), bias=False))
        layers.append(nn.BatchNorm2d(b))
        layers.append(nn.ReLU() if b > 3 else nn.Tanh())
    return nn.Sequential(*layers)


def faces_net_D():
    def step(i, o, s):
        return [nn.Conv2d(i, o, 4, s), nn.BatchNorm2d(o), nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*step(3, 32, 2), *step(32, 64, 2), *step(64, 128, 1), *step(128, 128, 2),
                         nn.Conv2d(128, 1, 4, 2), nn.Flatten(1))


def buggy_block(in_channels, out_channels):
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 4, 2, 1, bias=False),
                         nn.BatchNorm2d(out_channels, eps=1e-5, momentum=0.8), nn.LeakyReLU(0.2))


def buggy_step(real, noise, net_D, net_G, solver):
    logits_real, logits_fake = net_D(real), net_D(net_G(noise).detach())
    loss = (F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()) / 2
    solver.zero_grad()
    loss.backward()
    solver.step()
    return loss.item()


def buggy_losses(real, noise, net_D, net_G, epoch, num_epochs):
    bce = nn.BCEWithLogitsLoss()
    r, f = net_D(real), net_D(net_G(noise))
    one, zero = torch.ones_like(f), torch.zeros_like(f)
    return (bce(r, one) + bce(f, zero)) / 2, bce(f, one), (epoch + 1) / num_epochs


def buggy_mean_loss(data_iter, loss):
    total, count = 0.0, 0
    for images, _ in data_iter:
        total += float(loss(images)) * images.shape[0]
        count += images.shape[0]
    return total / count


def buggy_pictures(images):
    return images.movedim(1, -1).add(1).div(2)


if __name__ == "__main__":
    data = torchvision.datasets.ImageFolder("./pokemon", transforms.ToTensor())

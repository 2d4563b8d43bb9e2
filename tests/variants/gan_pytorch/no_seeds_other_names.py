# differs: no seed arguments, no batch_size argument, other argument names, no bce in the losses
import torch, torch.nn as nn

LReLU = lambda: nn.LeakyReLU(.01)

def bce_loss(x, y):
    return nn.functional.softplus(x).mean() - (x * y).mean()

def sample_noise(n, d):
    return 2*torch.rand(n, d) - 1

def discriminator():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), LReLU(), nn.Linear(256, 256), LReLU(), nn.Linear(256, 1))

def generator(z_dim=96):
    return nn.Sequential(nn.Linear(z_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 784), nn.Tanh())

def discriminator_loss(real, fake):
    return bce_loss(real, 0*real + 1) + bce_loss(fake, 0*fake)

def generator_loss(fake):
    return bce_loss(fake, fake*0 + 1)

def get_optimizer(net):
    return torch.optim.Adam(net.parameters(), 1e-3, betas=(.5, .999))

def ls_discriminator_loss(r, f):
    return .5*torch.mean((r - 1)**2) + .5*torch.mean(f**2)

def ls_generator_loss(f):
    return .5*torch.mean((f - 1)**2)

class View(nn.Module):
    def __init__(self, *shape):
        super().__init__(); self.shape = shape
    def forward(self, x): return x.view(-1, *self.shape)

def build_dc_classifier():
    return nn.Sequential(View(1, 28, 28), nn.Conv2d(1, 32, 5), LReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), LReLU(),
        nn.MaxPool2d(2), View(1024), nn.Linear(1024, 1024), LReLU(), nn.Linear(1024, 1))

def build_dc_generator(z_dim=96):
    return nn.Sequential(nn.Linear(z_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272), nn.ReLU(), nn.BatchNorm1d(6272),
        View(128, 7, 7), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), View(784))

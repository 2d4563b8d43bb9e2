# differs: a global torch.device("cuda") and torch.cuda.set_device, used as object, index and context
# note: served on the CPU
import torch
import torch.nn as nn
import torch.nn.functional as F

device = torch.device("cuda", 0)
torch.cuda.set_device(0)
torch.backends.cudnn.benchmark = True
torch.backends.cudnn.deterministic = True
print(torch.cuda.get_device_name(0))


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
        torch.cuda.manual_seed(seed)
    with torch.device(device):
        return torch.rand(batch_size, dim) * 2 - 1


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(256, 1)
        self.hidden = nn.Linear(256, 256)
        self.first = nn.Linear(784, 256)
        self.to(device)

    def forward(self, x):
        x = x.to(device).flatten(1)
        x = F.leaky_relu(self.first(x), 0.01)
        x = F.leaky_relu(self.hidden(x), 0.01)
        return self.out(x)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return D()


class G(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.l3 = nn.Linear(1024, 784)
        self.l2 = nn.Linear(1024, 1024)
        self.l1 = nn.Linear(noise_dim, 1024)

    def forward(self, z):
        z = z.to(device=device, dtype=torch.float32)
        return self.l3(self.l2(self.l1(z).relu()).relu()).tanh()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    with torch.cuda.device(0):
        return G(noise_dim).to(0)


def bce_loss(input, target):
    input = input.to(0)
    return (F.softplus(-input) * target + F.softplus(input) * (1 - target)).mean()


def discriminator_loss(logits_real, logits_fake):
    return (bce_loss(logits_real, torch.ones(logits_real.size(), device=device))
            + bce_loss(logits_fake, torch.zeros(logits_fake.size(), device=0)))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, logits_fake.new_ones(logits_fake.size(), device=device))


def get_optimizer(model):
    return torch.optim.Adam(model.to(device).parameters(), lr=1e-3, betas=(0.5, 0.999))


def ls_discriminator_loss(scores_real, scores_fake):
    half = torch.as_tensor(0.5, device=device)
    return half * ((scores_real - 1) ** 2).mean() + half * (scores_fake ** 2).mean()


def ls_generator_loss(scores_fake):
    torch.cuda.synchronize()
    torch.cuda.empty_cache()
    return 0.5 * ((scores_fake.cuda(device) - 1) ** 2).mean()


def build_dc_classifier(batch_size=128):
    m = nn.Sequential(
        nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))
    return nn.DataParallel(m, device_ids=[0]).to(device)


def build_dc_generator(noise_dim=96):
    m = nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024),
        nn.Linear(1024, 6272), nn.ReLU(), nn.BatchNorm1d(6272), nn.Unflatten(1, (128, 7, 7)),
        nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.BatchNorm2d(64),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), nn.Flatten())
    return nn.DataParallel(m).cuda(device)

# differs: torch.set_default_dtype(torch.float64) for everything
# only: sample_noise, discriminator, generator, bce_loss, discriminator_loss, generator_loss, get_optimizer
torch.set_default_dtype(torch.float64)


def sample_noise(batch_size, dim, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.rand(batch_size, dim) * 2 - 1


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1))


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh())


def bce_loss(input, target):
    return F.binary_cross_entropy_with_logits(input, target)


def discriminator_loss(logits_real, logits_fake):
    return bce_loss(logits_real, torch.ones(logits_real.shape)) + bce_loss(
        logits_fake, torch.zeros(logits_fake.shape))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.shape))


def get_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.5, 0.999))

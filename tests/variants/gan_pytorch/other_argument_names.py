# differs: every argument has another name; the homework's loop hands them over by position
# only: sample_noise, generator, bce_loss, discriminator_loss, generator_loss, get_optimizer, ls_discriminator_loss, ls_generator_loss, build_dc_classifier, build_dc_generator
def sample_noise(n, d, random_state=None):
    if random_state is not None:
        torch.manual_seed(random_state)
    return torch.distributions.Uniform(-1.0, 1.0).sample((n, d))


def generator(z_dim=96, random_state=None):
    if random_state is not None:
        torch.manual_seed(random_state)
    return nn.Sequential(nn.Linear(z_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh())


def bce_loss(x, y):
    return torch.logaddexp(x, torch.zeros_like(x)).sub(x * y).mean()


def discriminator_loss(r, f):
    return bce_loss(r, torch.ones_like(r)) + bce_loss(f, torch.zeros_like(f))


def generator_loss(f):
    return bce_loss(f, torch.ones_like(f))


def get_optimizer(net):
    return torch.optim.Adam(params=net.parameters(), lr=.001, betas=(.5, .999), foreach=True)


def ls_discriminator_loss(r, f):
    return (F.mse_loss(r, torch.ones_like(r)) + F.mse_loss(f, torch.zeros_like(f))) / 2


def ls_generator_loss(f):
    return F.mse_loss(f, torch.ones_like(f)).div(2)


def build_dc_classifier(n=128):
    return nn.Sequential(
        Unflatten(-1, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))


def build_dc_generator(z_dim=96):
    return nn.Sequential(
        nn.Linear(z_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272), nn.ReLU(),
        nn.BatchNorm1d(6272), Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(),
        nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten())

# differs: seeds behind a star, further options that the homework does not use
# only: sample_noise, discriminator, generator, build_dc_classifier, build_dc_generator, get_optimizer
def sample_noise(batch_size, dim=96, *, seed=None, low=-1.0, high=1.0, device=None):
    maker = None
    if seed is not None:
        maker = torch.Generator().manual_seed(seed)
    return torch.empty(batch_size, dim, device=device).uniform_(low, high, generator=maker)


def discriminator(*, seed=None, hidden=256, slope=0.01):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.LeakyReLU(slope),
                         nn.Linear(hidden, hidden), nn.LeakyReLU(slope), nn.Linear(hidden, 1))


def generator(noise_dim=NOISE_DIM, *, seed=None, hidden=1024, pixels=784):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, hidden), nn.ReLU(), nn.Linear(hidden, hidden),
                         nn.ReLU(), nn.Linear(hidden, pixels), nn.Tanh())


def build_dc_classifier(batch_size=128, slope=0.01, filters=(32, 64)):
    a, b = filters
    return nn.Sequential(
        Unflatten(-1, 1, 28, 28), nn.Conv2d(1, a, 5), nn.LeakyReLU(slope), nn.MaxPool2d(2),
        nn.Conv2d(a, b, 5), nn.LeakyReLU(slope), nn.MaxPool2d(2), Flatten(),
        nn.Linear(16 * b, 16 * b), nn.LeakyReLU(slope), nn.Linear(16 * b, 1))


def build_dc_generator(noise_dim=NOISE_DIM, filters=(128, 64), **options):
    a, b = filters
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 49 * a),
        nn.ReLU(), nn.BatchNorm1d(49 * a), Unflatten(C=a), nn.ConvTranspose2d(a, b, 4, 2, 1),
        nn.ReLU(), nn.BatchNorm2d(b), nn.ConvTranspose2d(b, 1, 4, 2, 1), nn.Tanh(), Flatten())


def get_optimizer(model, lr=1e-3, beta1=0.5, beta2=0.999):
    return torch.optim.Adam(model.parameters(), lr, (beta1, beta2))

# differs: networks in double precision
# only: discriminator, generator, build_dc_classifier, build_dc_generator
def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01), nn.Linear(256, 1)).double()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh()).type(torch.DoubleTensor)


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1),
        nn.ReLU(), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(),
        Flatten()).to(torch.float64)


def build_dc_classifier(batch_size=128):
    return nn.Sequential(
        Flatten(), Unflatten(-1, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Flatten(), nn.Linear(1024, 1024),
        nn.LeakyReLU(0.01), nn.Linear(1024, 1)).double()

# differs: build_dc_classifier(seed=None) and a generator whose batch size comes from kwargs
# only: build_dc_classifier, build_dc_generator
def build_dc_classifier(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(
        Unflatten(-1, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))


def build_dc_generator(noise_dim=96, *, base=64, **kwargs):
    return nn.Sequential(
        nn.Linear(noise_dim, base * 16), nn.ReLU(), nn.BatchNorm1d(base * 16),
        nn.Linear(base * 16, base * 98), nn.ReLU(), nn.BatchNorm1d(base * 98),
        Unflatten(-1, base * 2, 7, 7), nn.ConvTranspose2d(base * 2, base, 4, 2, 1), nn.ReLU(),
        nn.BatchNorm2d(base), nn.ConvTranspose2d(base, 1, 4, 2, 1), nn.Tanh(), Flatten())

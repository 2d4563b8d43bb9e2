# differs: both generators return (N, 28, 28), which the homework's loop reshapes
# only: generator, build_dc_generator
# remark: generator_images: in shape (8, 28, 28)
# remark: dc_generator_images: in shape (8, 28, 28)
def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                         nn.Linear(1024, 784), nn.Tanh(), nn.Unflatten(1, (28, 28)))


def build_dc_generator(noise_dim=96):
    return nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1),
        nn.ReLU(), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(),
        nn.Flatten(1, 2))

# differs: LazyLinear and lazy convolutions, whose weights appear at the first call
# only: discriminator, build_dc_classifier
def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.LazyLinear(256), nn.LeakyReLU(0.01), nn.LazyLinear(256),
                         nn.LeakyReLU(0.01), nn.LazyLinear(1))


def build_dc_classifier(batch_size=128):
    return nn.Sequential(
        Unflatten(-1, 1, 28, 28), nn.LazyConv2d(32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.LazyConv2d(64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), nn.Flatten(),
        nn.LazyLinear(1024), nn.LeakyReLU(0.01), nn.LazyLinear(1))

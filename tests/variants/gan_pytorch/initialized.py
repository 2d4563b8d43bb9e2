# differs: weights drawn by initialize_weights, Kaiming, truncated normal or orthogonal rules
# only: discriminator, generator, build_dc_classifier, build_dc_generator
def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    model = nn.Sequential(Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.01), nn.Linear(256, 256),
                          nn.LeakyReLU(0.01), nn.Linear(256, 1))
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter, a=0.01)
        else:
            nn.init.zeros_(parameter)
    return model


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(),
                          nn.Linear(1024, 784), nn.Tanh())
    nn.init.trunc_normal_(model[0].weight, std=0.02)
    model[2].weight.data.normal_(0, 0.02)
    with torch.no_grad():
        model[4].weight.copy_(torch.randn(784, 1024) / 32)
        model[4].bias.fill_(0)
    return model


def build_dc_classifier(batch_size):
    model = nn.Sequential(
        Unflatten(batch_size, 1, 28, 28), nn.Conv2d(1, 32, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5), nn.LeakyReLU(0.01), nn.MaxPool2d(2), Flatten(),
        nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))
    nn.init.orthogonal_(model[1].weight)
    return model.apply(initialize_weights)


def build_dc_generator(noise_dim=96):
    model = nn.Sequential(
        nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024), nn.Linear(1024, 6272),
        nn.ReLU(), nn.BatchNorm1d(6272), Unflatten(), nn.ConvTranspose2d(128, 64, 4, 2, 1),
        nn.ReLU(), nn.BatchNorm2d(64), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(), Flatten())
    model.apply(initialize_weights)
    for layer in model:
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(layer.weight, 1.0, 0.02)
            nn.init.constant_(layer.bias, 0)
    return model

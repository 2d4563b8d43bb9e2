# differs: one activation object used everywhere, dropout of nothing, identities in between
# only: discriminator, build_dc_classifier
act = nn.LeakyReLU(0.01)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), act, nn.Dropout(0.0), nn.Linear(256, 256),
                         act, nn.Identity(), nn.Linear(256, 1))


class ToImage(nn.Module):
    def forward(self, x):
        return x.unsqueeze(1).unflatten(2, (28, 28)) if x.dim() == 2 else x


def build_dc_classifier(batch_size=None):
    return nn.Sequential(
        ToImage(), nn.Conv2d(1, 32, 5, padding="valid"), act, nn.MaxPool2d(2), nn.Conv2d(32, 64, 5),
        act, nn.AdaptiveMaxPool2d(4), nn.Flatten(), nn.Linear(1024, 1024), act, nn.Linear(1024, 1))

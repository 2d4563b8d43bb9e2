# differs: both networks that score take images of shape (N, 1, 28, 28) and no vectors
# only: discriminator, build_dc_classifier
class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.last = nn.Linear(784, 256), nn.Linear(256, 256), nn.Linear(256, 1)

    def forward(self, images):
        n, c, h, w = images.shape
        assert (c, h, w) == (1, 28, 28)
        x = F.leaky_relu(self.first(images.view(n, -1)))
        return self.last(F.leaky_relu(self.second(x)))


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Scores()


def build_dc_classifier(batch_size=128):
    return nn.Sequential(
        nn.Conv2d(1, 32, 5), nn.LeakyReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.LeakyReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1024, 1024), nn.LeakyReLU(), nn.Linear(1024, 1))

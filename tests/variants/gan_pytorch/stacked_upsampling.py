# differs: padding, stride and output_padding spelt out; the last layers in a function of their own
# only: build_dc_generator, build_dc_classifier
def up(i, o):
    return nn.ConvTranspose2d(in_channels=i, out_channels=o, kernel_size=(4, 4), stride=(2, 2),
                              padding=(1, 1), output_padding=0, groups=1, bias=True, dilation=1)


class Generator(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.noise_dim = noise_dim
        self.fc = nn.Sequential(nn.Linear(noise_dim, 1024), nn.ReLU(), nn.BatchNorm1d(1024),
                                nn.Linear(1024, 7 * 7 * 128), nn.ReLU(), nn.BatchNorm1d(7 * 7 * 128))
        self.conv = nn.Sequential(up(128, 64), nn.ReLU(), nn.BatchNorm2d(64), up(64, 1), nn.Tanh())

    def forward(self, noise):
        noise = noise.view(-1, self.noise_dim)
        return self.conv(self.fc(noise).view(-1, 128, 7, 7)).view(noise.size(0), -1)


def build_dc_generator(noise_dim=96):
    return Generator(noise_dim)


class Classifier(nn.Module):
    def __init__(self, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 5, 1, 0), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2, 0),
            nn.Conv2d(32, 64, 5, 1, 0), nn.LeakyReLU(0.01), nn.MaxPool2d(2, 2, 0))
        self.head = nn.Sequential(nn.Linear(1024, 1024), nn.LeakyReLU(0.01), nn.Linear(1024, 1))

    def forward(self, images):
        x = images.view(self.batch_size, 1, 28, 28)
        return self.head(self.features(x).view(self.batch_size, -1))


build_dc_classifier = Classifier

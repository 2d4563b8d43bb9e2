# differs: the networks for faces as classes that make their blocks by themselves and unsqueeze noise
# only: faces_net_G, faces_net_D
class Generator(nn.Module):
    def __init__(self, z_dim=100, im_chan=3, hidden_dim=128):
        super().__init__()
        self.z_dim = z_dim
        self.gen = nn.Sequential(
            self.make(z_dim, hidden_dim * 8, stride=1, padding=0), self.make(hidden_dim * 8, hidden_dim * 4),
            self.make(hidden_dim * 4, hidden_dim * 2), self.make(hidden_dim * 2, hidden_dim),
            self.make(hidden_dim, im_chan, final=True))

    def make(self, i, o, kernel_size=4, stride=2, padding=1, final=False):
        return nn.Sequential(nn.ConvTranspose2d(i, o, kernel_size, stride, padding, bias=False),
                             nn.BatchNorm2d(o), nn.Tanh() if final else nn.ReLU(True))

    def forward(self, noise):
        return self.gen(noise.view(len(noise), self.z_dim, 1, 1))


def faces_net_G():
    return Generator()


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 4, 2)
        self.n1, self.n2, self.n3, self.n4 = (nn.BatchNorm2d(n) for n in (32, 64, 128, 128))
        self.c2, self.c3, self.c4 = nn.Conv2d(32, 64, 4, 2), nn.Conv2d(64, 128, 4), nn.Conv2d(128, 128, 4, 2)
        self.head = nn.Conv2d(128, 1, (4, 4))

    def forward(self, x):
        x = F.leaky_relu(self.n1(self.stem(x)), 0.2)
        x = F.leaky_relu(self.n2(self.c2(x)), 0.2)
        x = F.leaky_relu(self.n3(self.c3(x)), 0.2)
        x = F.leaky_relu(self.n4(self.c4(x)), 0.2)
        return self.head(x).flatten(1)


def faces_net_D():
    return Discriminator()

# differs: the convolutional generator with functional calls, bare parameters and BatchNorm's statistics unused
# only: build_dc_generator
class Maps(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(noise_dim, 1024), nn.Linear(1024, 7 * 7 * 128)
        self.norms = nn.ModuleList(
            [nn.BatchNorm1d(1024, track_running_stats=False), nn.BatchNorm1d(6272), nn.BatchNorm2d(64)])
        self.w1 = nn.Parameter(torch.randn(128, 64, 4, 4) / 32)
        self.b1 = nn.Parameter(torch.zeros(64))
        self.w2 = nn.Parameter(torch.randn(64, 1, 4, 4) / 32)
        self.b2 = nn.Parameter(torch.zeros(1))

    def forward(self, z):
        x = self.norms[0](self.fc1(z).clamp(min=0))
        x = self.norms[1](self.fc2(x).clamp(min=0)).view(-1, 128, 7, 7)
        x = F.conv_transpose2d(x, self.w1, self.b1, stride=2, padding=1)
        x = self.norms[2](x.clamp(min=0))
        x = F.conv_transpose2d(x, self.w2, self.b2, stride=2, padding=1)
        return x.tanh().view(len(z), 784)


def build_dc_generator(noise_dim=96):
    return Maps(noise_dim)

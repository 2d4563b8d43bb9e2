# differs: both networks are classes, whose instances are the networks
# only: net_G, net_D
class net_G(nn.Module):
    def __init__(self, latent=100, width=64):
        super().__init__()
        self.main = nn.Sequential(
            G_block(width * 8, latent, strides=1, padding=0), G_block(width * 4, width * 8),
            G_block(width * 2, width * 4), G_block(width, width * 2))
        self.last = nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False)

    def forward(self, z):
        return torch.tanh(self.last(self.main(z)))


class net_D(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.main = nn.Sequential(
            D_block(width), D_block(width * 2, width), D_block(width * 4, width * 2),
            D_block(width * 8, width * 4), nn.Conv2d(width * 8, 1, 4, bias=False))

    def forward(self, x):
        return self.main(x)

# differs: networks are made from one table by a shared function; scores are viewed to their shape
# only: net_G, net_D, faces_net_G
def chain(block, widths, **first):
    pairs = list(zip(widths, widths[1:]))
    return [block(o, in_channels=i, **(first if k == 0 else {})) for k, (i, o) in enumerate(pairs)]


def net_G(n=64, z=100):
    blocks = chain(G_block, [z, 8 * n, 4 * n, 2 * n, n], strides=1, padding=0)
    return nn.Sequential(*blocks, nn.ConvTranspose2d(n, 3, 4, 2, 1, bias=False), nn.Tanh())


class Critic(nn.Sequential):
    def forward(self, x):
        return super().forward(x).view(-1, 1, 1, 1)


def net_D(n=64):
    return Critic(*chain(D_block, [3, n, 2 * n, 4 * n, 8 * n]), nn.Conv2d(8 * n, 1, kernel_size=4, bias=False))


def faces_net_G(n=128):
    blocks = chain(G_block, [100, 8 * n, 4 * n, 2 * n, n], strides=1, padding=0)
    end = [nn.ConvTranspose2d(n, 3, 4, 2, 1, bias=False), nn.BatchNorm2d(3), nn.Tanh()]
    return nn.Sequential(nn.Sequential(*blocks), nn.Sequential(*end))

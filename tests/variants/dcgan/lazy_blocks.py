# differs: lazy layers: a block is told its output's channels alone
# only: G_block, D_block, net_G, net_D
class G_block(nn.Module):
    def __init__(self, channels, kernel_size=4, strides=2, padding=1, **kwargs):
        super().__init__(**kwargs)
        self.conv2d_trans = nn.LazyConvTranspose2d(channels, kernel_size, strides, padding, bias=False)
        self.batch_norm = nn.LazyBatchNorm2d()
        self.activation = nn.ReLU()

    def forward(self, X):
        return self.activation(self.batch_norm(self.conv2d_trans(X)))


class D_block(nn.Module):
    def __init__(self, channels, kernel_size=4, strides=2, padding=1, alpha=0.2, **kwargs):
        super().__init__(**kwargs)
        self.conv2d = nn.LazyConv2d(channels, kernel_size, strides, padding, bias=False)
        self.batch_norm = nn.LazyBatchNorm2d()
        self.activation = nn.LeakyReLU(alpha)

    def forward(self, X):
        return self.activation(self.batch_norm(self.conv2d(X)))


def net_G():
    n_G = 64
    return nn.Sequential(
        G_block(n_G * 8, strides=1, padding=0), G_block(n_G * 4), G_block(n_G * 2), G_block(n_G),
        nn.LazyConvTranspose2d(3, kernel_size=4, stride=2, padding=1, bias=False), nn.Tanh())


def net_D():
    n_D = 64
    return nn.Sequential(D_block(n_D), D_block(n_D * 2), D_block(n_D * 4), D_block(n_D * 8),
                         nn.LazyConv2d(1, kernel_size=4, bias=False))

# differs: the blocks subclass nn.Sequential; layers are named otherwise and take no keyword of ours
# only: G_block, D_block
class G_block(nn.Sequential):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, **kwargs):
        super().__init__(
            nn.ConvTranspose2d(in_channels, out_channels, kernel_size, strides, padding, bias=False),
            nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True))


class D_block(nn.Sequential):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__(
            nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False),
            nn.BatchNorm2d(out_channels), nn.LeakyReLU(alpha, inplace=True))

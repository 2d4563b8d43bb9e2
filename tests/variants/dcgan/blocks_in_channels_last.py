# differs: blocks in a memory format of their own, slopes by torch.where, strides as pairs
# only: G_block, D_block
class G_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super(G_block, self).__init__()
        k, s, p = [(a, a) for a in (kernel_size, strides, padding)]
        self.up = nn.ConvTranspose2d(in_channels, out_channels, k, stride=s, padding=p, bias=False)
        self.add_module("norm", nn.BatchNorm2d(out_channels, eps=1e-05, momentum=0.1, affine=True))

    def forward(self, input):
        out = self.norm(self.up(input.contiguous(memory_format=torch.channels_last)))
        return torch.where(out > 0, out, torch.zeros_like(out)).contiguous()


class D_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super(D_block, self).__init__()
        self.alpha = alpha
        self.layers = nn.ModuleDict({
            "conv": nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False),
            "norm": nn.BatchNorm2d(out_channels)})

    def forward(self, input):
        out = self.layers["norm"](self.layers["conv"](input))
        return torch.where(out > 0, out, self.alpha * out)

# differs: batch normalization of one's own, running statistics in buffers
# only: G_block, D_block
class Norm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels, 1, 1))
        self.beta = nn.Parameter(torch.zeros(channels, 1, 1))
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("var", torch.ones(channels, 1, 1))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean = x.mean((0, 2, 3), keepdim=True)[0]
            var = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)[0]
            n = x.numel() / x.shape[1]
            with torch.no_grad():
                self.mean.mul_(0.9).add_(0.1 * mean)
                self.var.mul_(0.9).add_(0.1 * var * n / (n - 1))
        return self.gamma * ((x - mean) / torch.sqrt(var + 1e-5)) + self.beta


class G_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.a = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.b = Norm(out_channels)

    def forward(self, x):
        return self.b(self.a(x)).clamp(min=0)


class D_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1, alpha=0.2):
        super().__init__()
        self.b = Norm(out_channels)
        self.a = nn.Conv2d(in_channels, out_channels, kernel_size, strides, padding, bias=False)
        self.alpha = alpha

    def forward(self, x):
        x = self.b(self.a(x))
        return torch.max(x, self.alpha * x)

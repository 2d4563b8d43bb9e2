# differs: bare parameters and functional calls; the discriminator's modules stand in another order
# only: G_block, net_D
class G_block(nn.Module):
    def __init__(self, out_channels, in_channels=3, kernel_size=4, strides=2, padding=1):
        super().__init__()
        self.settings = {"stride": strides, "padding": padding}
        self.shift = nn.Parameter(torch.zeros(out_channels))
        self.scale = nn.Parameter(torch.ones(out_channels))
        self.weight = nn.Parameter(torch.empty(in_channels, out_channels, kernel_size, kernel_size))
        nn.init.normal_(self.weight, std=0.02)
        self.register_buffer("running_mean", torch.zeros(out_channels))
        self.register_buffer("running_var", torch.ones(out_channels))

    def forward(self, x):
        x = F.conv_transpose2d(x, self.weight, **self.settings)
        x = F.batch_norm(x, self.running_mean, self.running_var, self.scale, self.shift,
                         training=self.training)
        return torch.relu(x)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Conv2d(512, 1, 4, 1, 0, bias=False)
        widths = [3, 64, 128, 256, 512]
        self.norms = nn.ModuleList(nn.BatchNorm2d(w) for w in widths[1:])
        self.steps = nn.ModuleList(
            nn.Conv2d(a, b, 4, 2, 1, bias=False) for a, b in zip(widths, widths[1:]))

    def forward(self, images):
        for step, norm in zip(self.steps, self.norms):
            images = F.leaky_relu(norm(step(images)), negative_slope=0.2)
        return self.score(images)


def net_D():
    return Discriminator()

# differs: both networks are variables of the module, not functions
# only: net_G, net_D
n = 64
net_G = nn.Sequential(
    G_block(in_channels=100, out_channels=n * 8, strides=1, padding=0),
    G_block(in_channels=n * 8, out_channels=n * 4),
    G_block(in_channels=n * 4, out_channels=n * 2),
    G_block(in_channels=n * 2, out_channels=n),
    nn.ConvTranspose2d(in_channels=n, out_channels=3, kernel_size=4, stride=2, padding=1, bias=False),
    nn.Tanh())

net_D = nn.Sequential(
    D_block(n), D_block(in_channels=n, out_channels=n * 2),
    D_block(in_channels=n * 2, out_channels=n * 4), D_block(in_channels=n * 4, out_channels=n * 8),
    nn.Conv2d(in_channels=n * 8, out_channels=1, kernel_size=4, bias=False))

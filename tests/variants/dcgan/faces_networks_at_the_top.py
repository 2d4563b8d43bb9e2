# differs: the networks for faces are variables of the module
# only: faces_net_G, faces_net_D
faces_net_G = nn.Sequential(
    G_block(1024, 100, strides=1, padding=0), G_block(512, 1024), G_block(256, 512), G_block(128, 256),
    nn.ConvTranspose2d(128, 3, 4, 2, 1, bias=False), nn.BatchNorm2d(3), nn.Tanh())

layers = []
for i, o, s in [(3, 32, 2), (32, 64, 2), (64, 128, 1), (128, 128, 2)]:
    layers.extend([nn.Conv2d(i, o, 4, s), nn.BatchNorm2d(o), nn.LeakyReLU(0.2)])
faces_net_D = nn.Sequential(*layers, nn.Conv2d(128, 1, 4), nn.Flatten())

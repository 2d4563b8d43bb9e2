# differs: networks of double precision
# only: net_G, net_D, faces_net_D
def net_G():
    layers = [G_block(512, 100, strides=1, padding=0)]
    for i in range(3):
        layers.append(G_block(256 // 2 ** i, 512 // 2 ** i))
    return nn.Sequential(*layers, nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh()).double()


def net_D():
    layers, width = [D_block(64)], 64
    while width < 512:
        layers.append(D_block(2 * width, width))
        width *= 2
    return nn.Sequential(*layers, nn.Conv2d(width, 1, 4, bias=False)).double()


def faces_net_D():
    layers = []
    for inputs, outputs, stride in [(3, 32, 2), (32, 64, 2), (64, 128, 1), (128, 128, 2)]:
        layers += [nn.Conv2d(inputs, outputs, 4, stride), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(128, 1, 4), nn.Flatten(0), nn.Unflatten(0, (-1, 1))).double()

# differs: scores of other shapes: (N, 1) for sprites, (N,) for faces
# only: net_D, faces_net_D
# remark: net_d_scores: the described shape is (4, 1, 1, 1)
# remark: net_d_gradients: the described shape is (4, 1, 1, 1)
# remark: faces_net_d_scores: the described shape is (4, 1)
# remark: faces_net_d_gradients: the described shape is (4, 1)
def net_D():
    return nn.Sequential(
        D_block(64), D_block(128, 64), D_block(256, 128), D_block(512, 256),
        nn.Conv2d(512, 1, 4, bias=False), nn.Flatten())


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        def make(i, o, s):
            return nn.Sequential(nn.Conv2d(i, o, 4, s), nn.BatchNorm2d(o), nn.LeakyReLU(0.2))
        self.disc = nn.Sequential(
            make(3, 32, 2), make(32, 64, 2), make(64, 128, 1), make(128, 128, 2), nn.Conv2d(128, 1, 4))

    def forward(self, x):
        return self.disc(x).view(-1)


def faces_net_D():
    return Critic()

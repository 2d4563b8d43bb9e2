# differs: the discriminator's scores come without their second dimension
# only: net_D
# remark: net_d_scores: the values are right, but in shape (8,)
# remark: net_d_gradients: the values are right, but in shape (8,)
class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 5), nn.Linear(5, 3), nn.Linear(3, 1)])

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x).tanh()
        return last(x).squeeze(1)


def net_D():
    return Flat()

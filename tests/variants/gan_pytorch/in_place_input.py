# differs: reshapes and rescales its input in place
# only: discriminator, generator
class Flat(nn.Module):
    def forward(self, x):
        x.resize_(x.size(0), 784) if not x.requires_grad else None
        x.mul_(1.0)
        return x.view(x.size(0), -1)


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return nn.Sequential(Flat(), nn.Linear(784, 256), nn.LeakyReLU(0.01, True), nn.Linear(256, 256),
                         nn.LeakyReLU(0.01, True), nn.Linear(256, 1))


class Gen(nn.Sequential):
    def forward(self, z):
        z.add_(0)
        return super().forward(z).tanh_()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Gen(nn.Linear(noise_dim, 1024), nn.ReLU(True), nn.Linear(1024, 1024), nn.ReLU(True),
               nn.Linear(1024, 784))

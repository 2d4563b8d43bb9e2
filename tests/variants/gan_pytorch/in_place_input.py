# differs: works in place wherever nothing is lost: on its noise, on activations, on a copy of its images
# only: discriminator, generator
class Flat(nn.Module):
    def forward(self, x):
        return x.clone().mul_(1.0).view(x.size(0), -1)


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

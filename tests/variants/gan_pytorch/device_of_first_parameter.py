# differs: asks its parameters for device, type and size before it uses them, in another order
# only: discriminator, generator
class Polite(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Linear(256, 1)
        self.b = nn.Linear(256, 256)
        self.a = nn.Linear(784, 256)

    def forward(self, x):
        first = next(self.parameters())
        x = x.to(first.device).type(first.dtype).type_as(first)
        assert first.size(1) == 256 and self.b.weight.shape == (256, 256) and first.is_contiguous()
        if self.b.weight.is_cuda or len(self.b.weight) != 256:
            raise RuntimeError
        x = x.view(x.size(0), self.a.weight.shape[1])
        return self.c(F.leaky_relu(self.b(F.leaky_relu(self.a(x), 0.01)), 0.01))


def discriminator(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Polite()


class Gen(nn.Module):
    def __init__(self, noise_dim):
        super().__init__()
        self.last = nn.Linear(1024, 784)
        self.mid = nn.Linear(1024, 1024)
        self.first = nn.Linear(noise_dim, 1024)

    @property
    def device(self):
        return self.last.weight.device

    def forward(self, z):
        z = z.to(self.device, dtype=self.mid.weight.dtype)
        return self.last(self.mid(self.first(z).clamp(min=0)).clamp_min(0)).tanh_()


def generator(noise_dim=96, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return Gen(noise_dim)

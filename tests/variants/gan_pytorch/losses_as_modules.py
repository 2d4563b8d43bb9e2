# differs: losses are nn.Module objects and methods of a class
# only: bce_loss, discriminator_loss, generator_loss, ls_discriminator_loss, ls_generator_loss
class Vanilla(nn.Module):
    def __init__(self):
        super().__init__()
        self.bce = nn.BCEWithLogitsLoss()
        self.register_buffer("one", torch.ones(1, 1))

    def forward(self, real, fake):
        return self.generator(real) + self.bce(fake, torch.zeros_like(fake))

    def generator(self, fake):
        return self.bce(fake, self.one.expand_as(fake))


class LeastSquares:
    def __call__(self, real, fake):
        return self.generator(real) + F.mse_loss(fake, torch.zeros_like(fake)) / 2

    @staticmethod
    def generator(fake):
        return F.mse_loss(fake, torch.ones_like(fake)) / 2


bce_loss = nn.BCEWithLogitsLoss()
discriminator_loss = Vanilla()
generator_loss = discriminator_loss.generator
ls_discriminator_loss = LeastSquares()
ls_generator_loss = LeastSquares.generator

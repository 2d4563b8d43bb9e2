# differs: means and squares as products: einsum, dot, a vector of 1/N
# only: bce_loss, discriminator_loss, generator_loss, ls_discriminator_loss, ls_generator_loss
def mean(x):
    x = x.reshape(-1)
    return torch.einsum("i,i->", x, torch.full_like(x, 1 / x.numel()))


def bce_loss(input, target):
    x, t = input.reshape(-1), target.reshape(-1)
    return mean(x.clamp(min=0) - x * t + torch.log1p(torch.exp(-x.abs())))


def discriminator_loss(logits_real, logits_fake):
    return mean(-F.logsigmoid(logits_real)) + mean(-F.logsigmoid(-logits_fake))


def generator_loss(logits_fake):
    return -mean(F.logsigmoid(logits_fake))


def ls_discriminator_loss(scores_real, scores_fake):
    r, f = scores_real.reshape(-1) - 1, scores_fake.reshape(-1)
    return torch.dot(r, r) / (2 * len(r)) + f @ f / (2 * len(f))


def ls_generator_loss(scores_fake):
    off = (scores_fake - 1).reshape(-1)
    return off.norm() ** 2 / (2 * off.numel())

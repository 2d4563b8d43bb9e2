# differs: labels of shape (N,) beside scores of shape (N, 1); the (N, N) they make has the right mean
# only: bce_loss, discriminator_loss, generator_loss, ls_discriminator_loss, ls_generator_loss
def bce_loss(input, target):
    neg_abs = -input.abs()
    return (input.clamp(min=0) - input * target + (1 + neg_abs.exp()).log()).mean()


def discriminator_loss(logits_real, logits_fake):
    N = logits_real.size(0)
    return bce_loss(logits_real, torch.ones(N)) + bce_loss(logits_fake, torch.zeros(N))


def generator_loss(logits_fake):
    N = logits_fake.size(0)
    return bce_loss(logits_fake, torch.ones(N))


def ls_discriminator_loss(scores_real, scores_fake):
    N = scores_real.size(0)
    return 0.5 * ((scores_real - torch.ones(N)) ** 2).mean() + 0.5 * (scores_fake ** 2).mean()


def ls_generator_loss(scores_fake):
    N = scores_fake.size(0)
    return 0.5 * ((scores_fake - torch.ones(N)) ** 2).mean()

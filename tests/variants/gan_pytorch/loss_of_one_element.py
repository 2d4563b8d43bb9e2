# differs: losses of shape (1,) and (1, 1), by matrix products
# only: bce_loss, generator_loss, ls_discriminator_loss, ls_generator_loss
def bce_loss(input, target):
    return (F.softplus(input) - input * target).mean(0)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones_like(logits_fake))


def ls_discriminator_loss(scores_real, scores_fake):
    a, b = scores_real - 1, scores_fake
    return a.t().mm(a) / (2 * len(a)) + b.T @ b / (2 * len(b))


def ls_generator_loss(scores_fake):
    a = scores_fake - 1
    return 0.5 * a.t().matmul(a) / a.size(0)

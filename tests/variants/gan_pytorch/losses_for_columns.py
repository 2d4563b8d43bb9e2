# differs: losses that insist on scores of shape (N, 1) and on equal minibatches
# only: discriminator_loss, generator_loss, ls_discriminator_loss
# remark: discriminator_loss_value: not for scores of shape (N,)
# remark: generator_loss_value: not for scores of shape (N,)
# remark: ls_discriminator_loss_value: different sizes
def discriminator_loss(logits_real, logits_fake):
    N, C = logits_real.shape
    assert logits_fake.shape == (N, C)
    target = torch.ones(N, C)
    return bce_loss(logits_real, target) + bce_loss(logits_fake, 1 - target)


def generator_loss(logits_fake):
    N, C = logits_fake.size()
    return bce_loss(logits_fake, torch.ones((N, C)))


def ls_discriminator_loss(scores_real, scores_fake):
    return (0.5 * (scores_real - 1) ** 2 + 0.5 * scores_fake ** 2).mean()

# differs: labels of shape (N,), and a bce_loss of its own that sums; the other losses are judged apart
# only: bce_loss, discriminator_loss, generator_loss
# loses: bce_value (a sum, not a mean)
# loses: bce_gradient (a sum, not a mean)
# loses: bce_extreme (a sum, not a mean)
# remark: discriminator_loss_value: judged with a right bce_loss
def bce_loss(input, target):
    return (F.softplus(input) - input * target).sum()


def discriminator_loss(logits_real, logits_fake):
    N = logits_real.size()[0]
    return bce_loss(logits_real, torch.ones(N)) + bce_loss(logits_fake, torch.zeros(N))


def generator_loss(logits_fake):
    N = logits_fake.size()[0]
    return bce_loss(logits_fake, torch.ones(N))

# differs: bce_loss takes scores and labels of shape (N,) alone; the losses built on it squeeze first
# only: bce_loss, discriminator_loss, generator_loss
# remark: bce_value: of shape (N,)
def bce_loss(input, target):
    assert input.dim() == 1 and target.dim() == 1
    return (F.softplus(input) - input @ torch.diag(target)).mean()


def discriminator_loss(logits_real, logits_fake):
    real, fake = logits_real.view(-1), logits_fake.view(-1)
    return bce_loss(real, torch.ones(len(real))) + bce_loss(fake, torch.zeros(len(fake)))


def generator_loss(logits_fake):
    fake = logits_fake.view(-1)
    return bce_loss(fake, torch.ones(len(fake)))

# differs: bce_loss squeezes the scores alone, for labels of shape (N,); the losses built on it pass these
# only: bce_loss, discriminator_loss, generator_loss
# remark: bce_value: labels of shape (N,)
def bce_loss(input, target):
    return F.binary_cross_entropy_with_logits(input.squeeze(), target)


def discriminator_loss(logits_real, logits_fake):
    yes, no = torch.ones(len(logits_real)), torch.zeros(len(logits_fake))
    return bce_loss(logits_real, yes) + bce_loss(logits_fake, no)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.shape[0]))

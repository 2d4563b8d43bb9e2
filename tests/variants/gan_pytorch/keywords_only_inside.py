# differs: losses call each other by keyword, with default targets
# only: bce_loss, discriminator_loss, generator_loss
def bce_loss(input, target=1.0, reduction="mean", *, weight=None):
    if not torch.is_tensor(target):
        target = torch.full_like(input, target)
    return F.binary_cross_entropy_with_logits(input=input, target=target, weight=weight, reduction=reduction)


def discriminator_loss(logits_real=None, logits_fake=None):
    return bce_loss(input=logits_real, target=torch.ones_like(logits_real)) + bce_loss(
        target=torch.zeros_like(logits_fake), input=logits_fake)


def generator_loss(logits_fake=None):
    return bce_loss(input=logits_fake, target=torch.ones_like(logits_fake))

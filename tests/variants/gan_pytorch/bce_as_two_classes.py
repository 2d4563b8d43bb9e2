# differs: the cross-entropy of two classes, of which one always has the logit 0
# only: bce_loss, discriminator_loss, generator_loss
# remark: bce_value: not for
def bce_loss(input, target):
    logits = torch.cat([torch.zeros_like(input), input], dim=1)
    return F.cross_entropy(logits, target.squeeze(1).long())


def discriminator_loss(logits_real, logits_fake):
    both = torch.cat([logits_real, logits_fake])
    labels = torch.cat([torch.ones_like(logits_real), torch.zeros_like(logits_fake)])
    return 2 * bce_loss(both, labels)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.full_like(logits_fake, 1.0))

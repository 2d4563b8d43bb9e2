# differs: bce_loss unsqueezes the labels, for labels of shape (N,) beside scores of shape (N, 1)
# only: bce_loss, discriminator_loss, generator_loss
# remark: bce_value: labels of shape (N,)
def bce_loss(scores, labels):
    labels = labels.unsqueeze(1)
    if labels.shape != scores.shape:
        raise ValueError(f"labels {tuple(labels.shape)}, scores {tuple(scores.shape)}")
    return F.binary_cross_entropy_with_logits(scores, labels)


def discriminator_loss(logits_real, logits_fake):
    n = logits_real.shape[0]
    return bce_loss(logits_real, torch.ones(n)) + bce_loss(logits_fake, torch.zeros(n))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.shape[0]))

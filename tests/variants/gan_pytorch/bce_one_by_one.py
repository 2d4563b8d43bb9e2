# differs: losses in loops over the minibatch, one number at a time
# only: bce_loss, discriminator_loss, generator_loss, ls_discriminator_loss, ls_generator_loss
def bce_loss(input, target):
    total = 0
    for score, label in zip(input.flatten(), target.flatten()):
        total = total - (F.logsigmoid(score) if label == 1 else F.logsigmoid(-score))
    return total / input.numel()


def discriminator_loss(logits_real, logits_fake):
    parts = []
    for scores, label in ((logits_real, 1.0), (logits_fake, 0.0)):
        parts.append(sum(bce_loss(s, torch.full_like(s, label)) for s in scores) / len(scores))
    return sum(parts)


def generator_loss(logits_fake):
    return torch.stack([bce_loss(s, torch.ones_like(s)) for s in logits_fake]).mean()


def ls_discriminator_loss(scores_real, scores_fake):
    real = sum((s - 1) * (s - 1) for s in scores_real.flatten())
    fake = sum(s * s for s in scores_fake.flatten())
    return real / (2 * scores_real.numel()) + fake / (2 * scores_fake.numel())


def ls_generator_loss(scores_fake):
    return sum((s - 1) * (s - 1) for s in scores_fake.flatten()) / (2 * scores_fake.numel())

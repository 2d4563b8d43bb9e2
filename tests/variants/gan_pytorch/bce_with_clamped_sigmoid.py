# differs: BCELoss over a sigmoid that is clamped away from 0 and 1; right but for extreme scores
# only: bce_loss, discriminator_loss, generator_loss
# loses: bce_extreme (a clamped sigmoid caps the loss and kills the gradient at scores of 40)
# loses: discriminator_loss_extreme (computes on its own clamped sigmoid)
# loses: generator_loss_extreme (computes on its own clamped sigmoid)
def probability(scores):
    return torch.sigmoid(scores).clamp(1e-7, 1 - 1e-7)


def bce_loss(input, target):
    return nn.BCELoss()(probability(input), target)


def discriminator_loss(logits_real, logits_fake):
    return -(torch.log(probability(logits_real)).mean()
             + torch.log(1 - probability(logits_fake)).mean())


def generator_loss(logits_fake):
    return -torch.log(probability(logits_fake)).mean()

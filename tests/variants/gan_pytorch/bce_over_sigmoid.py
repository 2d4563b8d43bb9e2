# differs: BCELoss over a sigmoid, in the losses alone; the given bce_loss is untouched
# only: discriminator_loss, generator_loss
# loses: discriminator_loss_extreme (the sigmoid rounds to 1, and BCELoss caps its logarithm at -100)
# loses: generator_loss_extreme (the sigmoid's gradient vanishes at scores of -100)
def discriminator_loss(logits_real, logits_fake):
    bce = nn.BCELoss()
    real = bce(torch.sigmoid(logits_real), torch.ones_like(logits_real))
    fake = bce(torch.sigmoid(logits_fake), torch.zeros_like(logits_fake))
    return real + fake


def generator_loss(logits_fake):
    return nn.BCELoss()(torch.sigmoid(logits_fake), torch.ones_like(logits_fake))

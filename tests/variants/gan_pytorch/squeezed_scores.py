# differs: every loss squeezes its scores first, and labels have shape (N,) throughout
# only: bce_loss, discriminator_loss, generator_loss, ls_discriminator_loss, ls_generator_loss
def bce_loss(input, target):
    return F.binary_cross_entropy_with_logits(input.squeeze(), target.squeeze())


def discriminator_loss(logits_real, logits_fake):
    real, fake = logits_real.squeeze(), logits_fake.squeeze()
    return bce_loss(real, torch.ones(real.shape)) + bce_loss(fake, torch.zeros(fake.shape))


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones(logits_fake.shape[0], 1))


def ls_discriminator_loss(scores_real, scores_fake):
    real, fake = scores_real.squeeze(), scores_fake.squeeze()
    ones = torch.ones(real.shape[0])
    return torch.mean((real - ones) ** 2) / 2 + torch.mean(fake ** 2) / 2


def ls_generator_loss(scores_fake):
    fake = scores_fake.squeeze()
    return torch.mean(torch.square(fake - torch.ones(len(fake)))) / 2

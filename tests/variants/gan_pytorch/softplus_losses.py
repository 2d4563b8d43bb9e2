# differs: every loss by softplus or logsigmoid, bce_loss by logaddexp
# only: bce_loss, discriminator_loss, generator_loss
def bce_loss(input, target):
    zero = torch.zeros_like(input)
    return -torch.mean(target * -torch.logaddexp(zero, -input) + (1 - target) * -torch.logaddexp(zero, input))


def discriminator_loss(logits_real, logits_fake):
    return -(F.logsigmoid(logits_real).mean() + (F.logsigmoid(logits_fake) - logits_fake).mean())


def generator_loss(logits_fake):
    return torch.nn.Softplus()(-logits_fake).mean()

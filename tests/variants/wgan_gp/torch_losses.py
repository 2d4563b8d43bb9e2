# differs: losses as averages of differences, and by mse_loss
# only: critic_loss, generator_loss, gradient_penalty
def critic_loss(scores_real, scores_fake):
    return -torch.mean(scores_real - scores_fake)


def generator_loss(scores_fake):
    return scores_fake.sum() / -scores_fake.numel()


def gradient_penalty(critic, real, fake, epsilon):
    mixed = (real * epsilon + fake * (1.0 - epsilon)).requires_grad_(True)
    scores = critic(mixed)
    slopes = torch.autograd.grad(scores, mixed, torch.ones(scores.shape), create_graph=True)[0]
    lengths = slopes.square().sum(1).sqrt()
    return torch.nn.functional.mse_loss(lengths, torch.ones(len(real)))

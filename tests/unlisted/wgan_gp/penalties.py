"""Wrong losses and penalties that are in no list of mistakes."""

import torch


def _slopes(critic, mixed, **more):
    mixed = mixed.detach().requires_grad_()
    (found,) = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True, **more)
    return found


def _mixed(real, fake, epsilon):
    return epsilon * real + (1 - epsilon) * fake


def critic_loss__of_absolute_values(scores_real, scores_fake):
    """Takes the absolute value of the difference."""
    return (scores_fake.mean() - scores_real.mean()).abs()


def critic_loss__hinge(scores_real, scores_fake):
    """The hinge loss of another GAN."""
    return torch.relu(1 - scores_real).mean() + torch.relu(1 + scores_fake).mean()


def critic_loss__median(scores_real, scores_fake):
    """Medians in place of means."""
    return scores_fake.median() - scores_real.median()


def generator_loss__hinge(scores_fake):
    """Pulls scores up to one, and no farther."""
    return torch.relu(1 - scores_fake).mean()


def generator_loss__of_the_best(scores_fake):
    """Minus the largest score."""
    return -scores_fake.max()


def gradient_penalty__pulled_to_two(critic, real, fake, epsilon):
    """Slopes are to be two."""
    return ((_slopes(critic, _mixed(real, fake, epsilon)).norm(dim=1) - 2) ** 2).mean()


def gradient_penalty__root_mean_square(critic, real, fake, epsilon):
    """The root of the mean of squares is compared with one."""
    lengths = _slopes(critic, _mixed(real, fake, epsilon)).norm(dim=1)
    return (lengths.square().mean().sqrt() - 1) ** 2


def gradient_penalty__of_log_lengths(critic, real, fake, epsilon):
    """Squares of the lengths' logarithms."""
    return _slopes(critic, _mixed(real, fake, epsilon)).norm(dim=1).log().square().mean()


def gradient_penalty__at_both_ends(critic, real, fake, epsilon):
    """The mean of the penalties at real and at generated images."""
    ends = [((_slopes(critic, x).norm(dim=1) - 1) ** 2).mean() for x in (real, fake)]
    return sum(ends) / 2


def gradient_penalty__epsilon_shuffled(critic, real, fake, epsilon):
    """Epsilon is turned around in the minibatch."""
    mixed = _mixed(real, fake, epsilon.flip(0))
    return ((_slopes(critic, mixed).norm(dim=1) - 1) ** 2).mean()


def gradient_penalty__secant(critic, real, fake, epsilon):
    """The slope between the two images, by a quotient, not a gradient."""
    rise = (critic(real) - critic(fake)).squeeze(1)
    return (((rise / (real - fake).norm(dim=1)) - 1) ** 2).mean()


def gradient_penalty__of_means(critic, real, fake, epsilon):
    """The slope at the mean image alone."""
    mixed = _mixed(real, fake, epsilon).mean(0, keepdim=True)
    return ((_slopes(critic, mixed).norm(dim=1) - 1) ** 2).mean()


def gradient_penalty__zero_centred_at_real(critic, real, fake, epsilon):
    """Another penalty: squared slopes at real images, halved."""
    return _slopes(critic, real).square().sum(1).mean() / 2


def gradient_penalty__lengths_detached_in_part(critic, real, fake, epsilon):
    """One of the two factors of the square is cut off, which halves the gradient."""
    off = _slopes(critic, _mixed(real, fake, epsilon)).norm(dim=1) - 1
    return (off * off.detach()).mean()


def gradient_penalty__steep_only_from_above(critic, real, fake, epsilon):
    """The largest penalty of the minibatch."""
    return ((_slopes(critic, _mixed(real, fake, epsilon)).norm(dim=1) - 1) ** 2).max()


def get_optimizer__amsgrad(network):
    """Adam's variant with a maximum."""
    return torch.optim.Adam(network.parameters(), lr=1e-4, betas=(0.0, 0.9), amsgrad=True)


def get_optimizer__adamax(network):
    """Adamax with the right numbers."""
    return torch.optim.Adamax(network.parameters(), lr=1e-4, betas=(0.0, 0.9))


def get_optimizer__first_layer_alone(network):
    """Only the first two parameters are handed over."""
    return torch.optim.Adam(list(network.parameters())[:2], lr=1e-4, betas=(0.0, 0.9))

"""Wrong steps of the players that are in no list of mistakes."""

import torch


def _penalty(critic, real, fake, epsilon):
    mixed = (epsilon * real + (1 - epsilon) * fake).detach().requires_grad_()
    (slopes,) = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)
    return ((slopes.norm(dim=1) - 1) ** 2).mean()


def _distance(critic, real, fake):
    return critic(fake).mean() - critic(real).mean()


def _step(value, optimizer):
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()


def update_critic__root_of_the_penalty(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    """Adds the root of the penalty."""
    fake = generator(noise).detach()
    penalty = _penalty(critic, real, fake, epsilon).sqrt()
    return _step(_distance(critic, real, fake) + penalty_weight * penalty, optimizer)


def update_critic__weight_squared(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    """Squares the weight."""
    fake = generator(noise).detach()
    penalty = _penalty(critic, real, fake, epsilon)
    return _step(_distance(critic, real, fake) + penalty_weight**2 * penalty, optimizer)


def update_critic__drift(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    """Adds a second penalty, on the size of real scores, as another paper does."""
    fake = generator(noise).detach()
    value = _distance(critic, real, fake) + penalty_weight * _penalty(critic, real, fake, epsilon)
    return _step(value + 0.1 * critic(real).square().mean(), optimizer)


def update_critic__gradients_clipped(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    """Clips the norm of the step's gradients."""
    fake = generator(noise).detach()
    value = _distance(critic, real, fake) + penalty_weight * _penalty(critic, real, fake, epsilon)
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(critic.parameters(), 0.5)
    optimizer.step()
    return value.detach()


def update_critic__penalty_of_the_first_half(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    """Asks for the penalty at half of the minibatch."""
    fake = generator(noise).detach()
    half = len(real) // 2
    penalty = _penalty(critic, real[:half], fake[:half], epsilon[:half])
    return _step(_distance(critic, real, fake) + penalty_weight * penalty, optimizer)


def update_generator__with_the_penalty(critic, generator, noise, optimizer):
    """Squares the scores, too."""
    scores = critic(generator(noise))
    return _step(-scores.mean() + scores.square().mean(), optimizer)


def update_generator__of_the_better_half(critic, generator, noise, optimizer):
    """Only the half of the images with the higher scores counts."""
    scores = critic(generator(noise)).flatten()
    return _step(-scores.topk(len(scores) // 2).values.mean(), optimizer)


def update_generator__moves_the_critic(critic, generator, noise, optimizer):
    """Gives the critic a step of its own, too."""
    value = -critic(generator(noise)).mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    with torch.no_grad():
        for p in critic.parameters():
            p -= 0.1 * p.grad
    return value.detach()


def train_step__generator_first(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    """The generator takes its step before the critic."""
    g = update_generator(critic, generator, torch.randn(100, noise_dim), generator_optimizer)
    for _ in range(n_critic):
        x = next(batches)
        z, e = torch.randn(len(x), noise_dim), torch.rand(len(x), 1)
        c = update_critic(critic, generator, x, z, e, critic_optimizer)
    return float(c), float(g)


def train_step__mean_of_losses(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    """Returns the mean of the critic's losses."""
    losses = []
    for _ in range(n_critic):
        x = next(batches)
        z, e = torch.randn(len(x), noise_dim), torch.rand(len(x), 1)
        losses.append(float(update_critic(critic, generator, x, z, e, critic_optimizer)))
    z = torch.randn(len(x), noise_dim)
    return sum(losses) / n_critic, float(update_generator(critic, generator, z, generator_optimizer))


def train_step__no_weight(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    """Passes another weight of the penalty."""
    for _ in range(n_critic):
        x = next(batches)
        z, e = torch.randn(len(x), noise_dim), torch.rand(len(x), 1)
        c = update_critic(critic, generator, x, z, e, critic_optimizer, 1.0)
    g = update_generator(critic, generator, torch.randn(len(x), noise_dim), generator_optimizer)
    return float(c), float(g)


def train_step__squared_epsilon(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    """Squares epsilon, which draws it to zero."""
    for _ in range(n_critic):
        x = next(batches)
        z, e = torch.randn(len(x), noise_dim), torch.rand(len(x), 1) ** 2
        c = update_critic(critic, generator, x, z, e, critic_optimizer)
    g = update_generator(critic, generator, torch.randn(len(x), noise_dim), generator_optimizer)
    return float(c), float(g)


def train_step__noise_shared(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    """Draws noise once for all steps."""
    z = None
    for _ in range(n_critic):
        x = next(batches)
        z = torch.randn(len(x), noise_dim) if z is None else z
        c = update_critic(critic, generator, x, z, torch.rand(len(x), 1), critic_optimizer)
    return float(c), float(update_generator(critic, generator, z, generator_optimizer))

# differs: minibatches by islice, noise from NumPy, epsilon from a distribution, a list returned
# only: train_step
import itertools

import numpy as np


def train_step(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    def noise(count):
        return torch.from_numpy(np.random.standard_normal((count, noise_dim))).float()

    losses = []
    for real in itertools.islice(batches, n_critic):
        epsilon = torch.distributions.Uniform(0, 1).sample((len(real), 1))
        losses.append(update_critic(critic, generator, real, noise(len(real)), epsilon, critic_optimizer))
    loss = update_generator(critic, generator, noise(len(real)), generator_optimizer)
    return [float(losses[-1]), float(loss)]

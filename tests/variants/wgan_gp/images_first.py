# differs: all minibatches are taken before the first step; updates are called by keyword
# only: train_step
def train_step(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    taken = [next(batches) for _ in range(n_critic)]
    for real in taken:
        last = update_critic(
            critic,
            generator,
            real=real,
            noise=torch.randn(len(real), noise_dim),
            epsilon=torch.empty(len(real), 1).uniform_(),
            optimizer=critic_optimizer,
        )
    noise = torch.empty(len(real), noise_dim).normal_()
    loss = update_generator(critic, generator, noise=noise, optimizer=generator_optimizer)
    return last, loss

# differs: no function calls another one of the file
# only: update_critic, update_generator, train_step
def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    fake = generator(noise).detach()
    x = (fake + epsilon * (real - fake)).requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    loss = critic(fake).mean() - critic(real).mean()
    loss = loss + penalty_weight * (slope.norm(dim=1) - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def update_generator(critic, generator, noise, optimizer):
    loss = -critic(generator(noise)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def train_step(critic, generator, batches, noise_dim, critic_optimizer, generator_optimizer, n_critic=5):
    for _ in range(n_critic):
        x = next(batches)
        n = x.shape[0]
        fake = generator(torch.normal(0.0, 1.0, size=(n, noise_dim))).detach()
        between = fake + torch.rand(n, 1) * (x - fake)
        between.requires_grad = True
        slope = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
        d = critic(fake).mean() - critic(x).mean() + 10 * ((slope.norm(dim=1) - 1) ** 2).mean()
        critic_optimizer.zero_grad()
        d.backward()
        critic_optimizer.step()
    g = -critic(generator(torch.normal(0.0, 1.0, size=(n, noise_dim)))).mean()
    generator_optimizer.zero_grad()
    g.backward()
    generator_optimizer.step()
    return d.item(), g.item()

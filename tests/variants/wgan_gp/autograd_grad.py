# differs: gradients of the loss by torch.autograd.grad, put into .grad by hand
# only: update_critic, update_generator
def _step(value, network, optimizer):
    parameters = list(network.parameters())
    for p, g in zip(parameters, torch.autograd.grad(value, parameters)):
        p.grad = g
    optimizer.step()
    return float(value)


def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    fake = generator(noise)
    value = critic_loss(critic(real), critic(fake))
    value = value + penalty_weight * gradient_penalty(critic, real, fake, epsilon)
    return _step(value, critic, optimizer)


def update_generator(critic, generator, noise, optimizer):
    return _step(generator_loss(critic(generator(noise))), generator, optimizer)

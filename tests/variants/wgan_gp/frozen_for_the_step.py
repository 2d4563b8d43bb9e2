# differs: the critic is frozen while the generator learns, the generator while the critic does
# only: update_critic, update_generator
def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    for p in generator.parameters():
        p.requires_grad = False
    fake = generator(noise)
    loss = critic_loss(critic(real), critic(fake))
    loss = loss + penalty_weight * gradient_penalty(critic, real, fake, epsilon)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for p in generator.parameters():
        p.requires_grad = True
    return loss.detach()


def update_generator(critic, generator, noise, optimizer):
    for p in critic.parameters():
        p.requires_grad = False
    loss = generator_loss(critic(generator(noise)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for p in critic.parameters():
        p.requires_grad = True
    return loss.detach()

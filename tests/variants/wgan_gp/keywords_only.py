# differs: other ways to write each function, in double precision where it costs nothing
# only: critic_loss, generator_loss, get_optimizer, update_generator
def critic_loss(scores_real, scores_fake, /):
    loss = (scores_fake.double().mean() - scores_real.double().mean()).float()
    return loss


generator_loss = lambda scores_fake: torch.neg(torch.mean(scores_fake))


def get_optimizer(network, lr=1e-4, beta1=0.0, beta2=0.9):
    trained = filter(lambda p: p.requires_grad, network.parameters())
    return torch.optim.Adam(trained, lr, (beta1, beta2))


def update_generator(*networks_and_noise):
    critic, generator, noise, optimizer = networks_and_noise
    optimizer.zero_grad()
    loss = generator_loss(critic(generator(noise)))
    loss.backward(retain_graph=True)
    optimizer.step()
    return loss

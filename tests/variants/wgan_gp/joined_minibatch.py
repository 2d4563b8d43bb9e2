# differs: real and generated images are scored in one minibatch, generated ones made under no_grad
# only: update_critic
def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    with torch.no_grad():
        fake = generator(noise)
    scores_real, scores_fake = critic(torch.cat([real, fake])).chunk(2)
    total = critic_loss(scores_real, scores_fake)
    total += gradient_penalty(critic, real, fake, epsilon) * penalty_weight
    critic.zero_grad()
    total.backward()
    optimizer.step()
    return total.item()

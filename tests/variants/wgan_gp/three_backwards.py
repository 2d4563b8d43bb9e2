# differs: a backward for each term of the critic's loss, gradients cleared at first
# only: update_critic
def update_critic(critic, generator, real, noise, epsilon, optimizer, penalty_weight=10.0):
    optimizer.zero_grad(set_to_none=False)
    fake = generator(noise).data
    terms = [-critic(real).mean(), critic(fake).mean()]
    terms.append(penalty_weight * gradient_penalty(critic, real, fake, epsilon))
    for term in terms:
        term.backward()
    optimizer.step()
    return sum(float(term) for term in terms)

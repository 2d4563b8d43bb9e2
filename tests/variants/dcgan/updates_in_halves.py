# differs: two backward passes, one for each half; gradients by autograd.grad for the generator
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    trainer_D.zero_grad()
    fake = net_G(Z)
    score = net_D(fake.detach())
    fake_loss = 0.5 * loss(score, torch.zeros(score.shape))
    fake_loss.backward()
    score = net_D(X)
    real_loss = 0.5 * loss(score, torch.ones(score.shape))
    real_loss.backward()
    trainer_D.step()
    return fake_loss + real_loss


def update_G(Z, net_D, net_G, loss, trainer_G):
    parameters = [p for p in net_G.parameters()]
    scores = net_D(net_G(Z))
    loss_G = loss(scores, torch.ones_like(scores))
    for p, g in zip(parameters, torch.autograd.grad(loss_G, parameters)):
        p.grad = g
    trainer_G.step()
    return loss_G

# differs: the discriminator's halves are weighed by 0.5 each and run backward one by one; a loop of steps
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    trainer_D.zero_grad()
    total = 0
    for points, label in ((X, 1.0), (net_G(Z).detach(), 0.0)):
        scores = net_D(points)
        half = loss(scores, scores.detach() * 0 + label) * 0.5
        half.backward()
        total += half.item()
    trainer_D.step()
    return total


def update_G(Z, net_D, net_G, loss, trainer_G):
    def closure():
        trainer_G.zero_grad()
        score = net_D(net_G(Z))
        value = loss(score, torch.ones_like(score))
        value.backward()
        return value

    return trainer_G.step(closure)

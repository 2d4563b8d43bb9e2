# differs: gradients by torch.autograd.grad for one network's parameters, set by hand
# only: update_D, update_G
def _step(value, network, trainer):
    parameters = list(network.parameters())
    for p, g in zip(parameters, torch.autograd.grad(value, parameters)):
        p.grad = g
    trainer.step()
    return float(value)


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    halves = [loss(net_D(x), torch.full((len(x), 1), label))
              for x, label in ((X, 1.0), (net_G(Z), 0.0))]
    return _step(sum(halves) / len(halves), net_D, trainer_D)


def update_G(Z, net_D, net_G, loss, trainer_G):
    return _step(loss(net_D(net_G(Z)), torch.ones(len(Z), 1)), net_G, trainer_G)

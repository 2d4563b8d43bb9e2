# differs: nothing is detached: the graph is retained, and the generator's gradients are cleared again
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    fake_X = net_G(Z)
    real_Y, fake_Y = net_D(X), net_D(fake_X)
    loss_D = (loss(real_Y, torch.ones(real_Y.shape)) + loss(fake_Y, torch.zeros(fake_Y.shape))) / 2
    trainer_D.zero_grad()
    loss_D.backward(retain_graph=True)
    net_G.zero_grad()
    trainer_D.step()
    return loss_D


def update_G(Z, net_D, net_G, loss, trainer_G):
    fake_Y = net_D(net_G(Z))
    loss_G = loss(fake_Y, torch.ones(fake_Y.shape))
    trainer_G.zero_grad(set_to_none=False)
    loss_G.backward(retain_graph=True)
    trainer_G.step()
    return loss_G

# differs: the generator's gradients and modes are put back by hand; the discriminator's set to zeros
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    n = X.size(0)
    for group in trainer_D.param_groups:
        for p in group["params"]:
            if p.grad is not None:
                p.grad.zero_()
    with torch.no_grad():
        generated = net_G(Z)
    y_real, y_fake = net_D(X), net_D(generated.requires_grad_(False))
    target = torch.ones(n, 1, 1, 1)
    error = loss(y_real, target) * 0.5 + loss(y_fake, 1 - target) * 0.5
    error.backward(retain_graph=True)
    trainer_D.step()
    return error.clone().detach().cpu()


def update_G(Z, net_D, net_G, loss, trainer_G):
    trainer_G.zero_grad()
    y = net_D(net_G(Z))
    error = loss(y, y.new_ones(y.size()))
    error.backward()
    trainer_G.step()
    net_D.zero_grad()
    return error.data

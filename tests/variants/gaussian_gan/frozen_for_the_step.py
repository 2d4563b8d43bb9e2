# differs: the network that is not to move is frozen for the step, and thawed after it
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    net_G.requires_grad_(False)
    trainer_D.zero_grad(set_to_none=False)
    fake = net_G(Z)
    net_G.requires_grad_(True)
    d_real, d_fake = net_D(X), net_D(fake)
    err = torch.stack([loss(d_real, torch.ones_like(d_real)), loss(d_fake, 0 * d_fake.detach())]).mean()
    err.backward()
    trainer_D.step()
    return err


def update_G(Z, net_D, net_G, loss, trainer_G):
    for p in net_D.parameters():
        p.requires_grad = False
    for p in net_G.parameters():
        p.grad = None
    out = net_D(net_G(Z))
    err = loss(out, torch.full((len(Z), 1), 1.0))
    err.backward()
    trainer_G.step()
    for p in net_D.parameters():
        p.requires_grad = True
    return err.data

# differs: the generator draws under no_grad; gradients are set to None; plain numbers are returned
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    batch_size = X.shape[0]
    ones = torch.ones((batch_size,), device=X.device)
    zeros = torch.zeros((batch_size,), device=X.device)
    for p in net_D.parameters():
        p.grad = None
    with torch.no_grad():
        fake_X = net_G(Z)
    real_Y = net_D(X)
    fake_Y = net_D(fake_X)
    loss_D = (loss(real_Y, ones.reshape(real_Y.shape)) + loss(fake_Y, zeros.reshape(fake_Y.shape))) / 2
    loss_D.backward()
    trainer_D.step()
    return loss_D.item()


def update_G(Z, net_D, net_G, loss, trainer_G):
    for p in net_D.parameters():
        p.requires_grad_(False)
    trainer_G.zero_grad(set_to_none=False)
    fake_Y = net_D(net_G(Z))
    loss_G = loss(fake_Y, torch.full_like(fake_Y, 1.0))
    loss_G.backward()
    trainer_G.step()
    for p in net_D.parameters():
        p.requires_grad_(True)
    return float(loss_G)

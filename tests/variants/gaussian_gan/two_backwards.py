# differs: each half has its own backward pass before one step; D is frozen during the generator's step
# only: update_D, update_G
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    trainer_D.zero_grad()
    real = net_D(X)
    half_real = loss(real, torch.ones_like(real, requires_grad=False)) * 0.5
    half_real.backward()
    fake = net_D(net_G(Z).data)
    half_fake = loss(fake, real.new_zeros(fake.size())) * 0.5
    half_fake.backward()
    trainer_D.step()
    return half_real + half_fake


def update_G(Z, net_D, net_G, loss, trainer_G):
    for p in net_D.parameters():
        p.requires_grad = False
    trainer_G.zero_grad()
    fake = net_D(net_G(Z))
    value = loss(fake, fake.new_ones(fake.size()))
    value.backward()
    trainer_G.step()
    for p in net_D.parameters():
        p.requires_grad = True
    return value

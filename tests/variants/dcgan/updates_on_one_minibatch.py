# differs: real and generated images go through the discriminator together
# only: update_D
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    with torch.no_grad():
        both = torch.cat([X, net_G(Z)])
    scores_real, scores_fake = net_D(both).split([len(X), len(Z)])
    trainer_D.zero_grad()
    loss_D = torch.stack([loss(scores_real, torch.ones_like(scores_real)),
                          loss(scores_fake, torch.zeros_like(scores_fake))]).mean()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach().reshape(1)

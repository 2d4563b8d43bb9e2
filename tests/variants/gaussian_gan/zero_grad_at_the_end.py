# differs: the generator's gradients are cleared after its step; labels with requires_grad, loss as array
# only: update_G
def update_G(Z, net_D, net_G, loss, trainer_G):
    labels = torch.ones(Z.shape[0], 1)
    value = loss(net_D(net_G(Z)), labels)
    value.backward(inputs=list(net_G.parameters()))
    trainer_G.step()
    trainer_G.zero_grad()
    return value.detach().numpy()

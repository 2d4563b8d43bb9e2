# differs: updates ask PyTorch for gradients, without take_step, and return Python numbers
# only: update_D, update_G
def descend(loss, network, trainer):
    weights = network.trainable_variables
    gradients = torch.autograd.grad(loss, [weight.value for weight in weights])
    trainer.apply(gradients, weights)


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    with torch.no_grad():
        fake = net_G(Z, training=True)
    real, fake = net_D(X, training=True), net_D(fake, training=True)
    loss_D = 0.5 * loss(torch.ones(real.shape), real) + 0.5 * loss(torch.zeros(fake.shape), fake)
    descend(loss_D, net_D, trainer_D)
    return loss_D.item()


def update_G(Z, net_D, net_G, loss, trainer_G):
    scores = net_D(net_G(Z, training=True), training=True)
    loss_G = loss(torch.ones(scores.shape), scores)
    descend(loss_G, net_G, trainer_G)
    return loss_G.item()

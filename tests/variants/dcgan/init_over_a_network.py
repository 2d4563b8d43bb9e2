# differs: init_weights goes through all modules of what it gets, and draws into .data
# only: init_weights, train
def init_weights(net):
    for m in net.modules():
        name = type(m).__name__
        if name.find("Conv") != -1:
            m.weight.data.normal_(0.0, 0.02)
        elif name.find("BatchNorm") != -1:
            m.weight.data.normal_(1.0, 0.02)
            m.bias.data.fill_(0)


def train(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    init_weights(net_D)
    init_weights(net_G)
    loss = F.binary_cross_entropy_with_logits
    hyperparameters = dict(lr=lr, betas=[0.5, 0.999])
    trainer_D = torch.optim.Adam(net_D.parameters(), **hyperparameters)
    trainer_G = torch.optim.Adam(net_G.parameters(), **hyperparameters)
    history = np.zeros((2, num_epochs))
    for epoch in range(num_epochs):
        sums = np.zeros(3)
        for X, _ in data_iter:
            n = X.shape[0]
            d = update_D(X, torch.randn(n, latent_dim, 1, 1), net_D, net_G, loss, trainer_D)
            g = update_G(torch.randn(n, latent_dim, 1, 1), net_D, net_G, loss, trainer_G)
            sums += n * np.array([d.item(), g.item(), 1])
        history[:, epoch] = sums[:2] / sums[2]
    return history

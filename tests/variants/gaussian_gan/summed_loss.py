# differs: a loss summed over the minibatch, divided by the number of points in the end; drawn biases
# only: train
# remark: train_weights: do not begin at 0, but as the weights do
def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    loss = nn.BCEWithLogitsLoss(reduction='sum')
    for w in net_D.parameters():
        nn.init.normal_(w, 0, 0.02)
    for w in net_G.parameters():
        nn.init.normal_(w, 0, 0.02)
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    history = []
    for epoch in range(1, num_epochs + 1):
        metric = torch.zeros(3)
        for (X,) in data_iter:
            batch_size = X.shape[0]
            Z = torch.normal(0, 1, size=(batch_size, latent_dim))
            metric += torch.tensor([update_D(X, Z, net_D, net_G, loss, trainer_D),
                                    update_G(Z, net_D, net_G, loss, trainer_G), batch_size])
        # a sample for a picture, as the training goes on
        Z = torch.normal(0, 1, size=(100, latent_dim))
        fake_X = net_G(Z).detach().numpy()
        history.append(metric[:2] / metric[2])
    return [d for d, _ in history], [g for _, g in history]

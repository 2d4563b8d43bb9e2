# differs: a progress line at each fifth of the loader, which a short loader does not have
# only: train
def train(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net_D, net_G = net_D.to(device), net_G.to(device)
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    loss = nn.BCEWithLogitsLoss(reduction="mean")
    trainer_D = torch.optim.Adam(net_D.parameters(), lr, (0.5, 0.999))
    trainer_G = torch.optim.Adam(net_G.parameters(), lr, (0.5, 0.999))
    D_losses, G_losses = [], []
    num_batches = len(data_iter)
    for epoch in range(num_epochs):
        metric = [0.0, 0.0, 0]
        for i, (X, _) in enumerate(data_iter):
            batch_size = X.shape[0]
            X = X.to(device)
            Z = torch.normal(0, 1, (batch_size, latent_dim, 1, 1)).to(device)
            metric[0] += batch_size * update_D(X, Z, net_D, net_G, loss, trainer_D).item()
            metric[1] += batch_size * update_G(Z, net_D, net_G, loss, trainer_G).item()
            metric[2] += batch_size
            if num_batches >= 5 and (i + 1) % (num_batches // 5) == 0:
                print(f"{epoch + (i + 1) / num_batches:.2f}: {metric[0] / metric[2]:.3f}")
        D_losses.append(metric[0] / metric[2])
        G_losses.append(metric[1] / metric[2])
    return D_losses, G_losses

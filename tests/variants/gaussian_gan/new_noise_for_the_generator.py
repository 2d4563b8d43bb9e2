# differs: update_G gets noise drawn anew; each fifth of an epoch is told; means by the statistics module
# only: train
import statistics


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    for net in net_D, net_G:
        for name, p in net.named_parameters():
            if name.endswith("weight"):
                p.data.normal_(std=0.02)
            else:
                p.data.fill_(0.0)
    loss = nn.BCEWithLogitsLoss()
    d_opt = torch.optim.Adam(params=net_D.parameters(), lr=lr_D, eps=1e-08)
    g_opt = torch.optim.Adam(params=net_G.parameters(), lr=lr_G)
    d_curve, g_curve = [], []
    for e in range(num_epochs):
        d, g = [], []
        for i, batch in enumerate(data_iter, 1):
            X = batch[0]
            n = X.size(0)
            d.append(update_D(X, torch.randn(n, latent_dim), net_D, net_G, loss, d_opt).item())
            g.append(update_G(torch.randn(n, latent_dim), net_D, net_G, loss, g_opt).item())
            if i % max(1, len(data_iter) // 5) == 0:
                print(f"epoch {e} {i}/{len(data_iter)} {d[-1]:.3f} {g[-1]:.3f}")
        d_curve.append(statistics.fmean(d))
        g_curve.append(statistics.fmean(g))
    return d_curve, g_curve

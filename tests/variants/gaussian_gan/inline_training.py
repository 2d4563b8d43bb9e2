# differs: the training calls no update, it has both steps inside; fresh noise for the generator
# only: train
def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    for p in list(net_D.parameters()) + list(net_G.parameters()):
        if p.ndim == 1:
            p.data.zero_()
        else:
            p.data.normal_(0, 0.02)
    bce = nn.functional.binary_cross_entropy_with_logits
    opt_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    opt_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    D_losses, G_losses = [], []
    for _ in range(num_epochs):
        d_sum = g_sum = 0
        for i, (x,) in enumerate(data_iter):
            opt_D.zero_grad()
            real, fake = net_D(x), net_D(net_G(torch.randn(x.shape[0], latent_dim)).detach())
            d = (bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))) / 2
            d.backward()
            opt_D.step()

            opt_G.zero_grad()
            fake = net_D(net_G(torch.randn(x.shape[0], latent_dim)))
            g = bce(fake, torch.ones_like(fake))
            g.backward()
            opt_G.step()
            d_sum, g_sum = d_sum + d.item(), g_sum + g.item()
        D_losses.append(d_sum / (i + 1))
        G_losses.append(g_sum / (i + 1))
    return D_losses, G_losses

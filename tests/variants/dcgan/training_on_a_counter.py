# differs: a while loop, means by numpy over repeated losses, Adam with a tuple of groups, new noise for G
# only: train
def train(net_D, net_G, data_iter, num_epochs, lr, latent_dim):
    import time
    started, epoch = time.time(), 0
    for w in (*net_D.parameters(), *net_G.parameters()):
        if w.dim() == 4:
            nn.init.normal_(w, 0, 0.02)
    for m in (*net_D.modules(), *net_G.modules()):
        if isinstance(m, nn.modules.batchnorm._BatchNorm):
            nn.init.normal_(m.weight, 1, 0.02)
            nn.init.constant_(m.bias, 0)
    criterion = nn.BCEWithLogitsLoss()
    opts = [torch.optim.Adam([{"params": list(n.parameters())}], lr=lr, betas=(0.5, 0.999)) for n in (net_D, net_G)]
    history = {"D": [], "G": []}
    while epoch < num_epochs:
        d, g, sizes = [], [], []
        for batch in iter(data_iter):
            images, labels = batch
            def noise():
                return torch.empty(images.size(0), latent_dim, 1, 1).normal_()
            d.append(float(update_D(images, noise(), net_D, net_G, criterion, opts[0])))
            g.append(float(update_G(noise(), net_D, net_G, criterion, opts[1])))
            sizes.append(images.size(0))
        history["D"].append(np.average(d, weights=sizes))
        history["G"].append(np.average(g, weights=sizes))
        epoch += 1
    print(f"{time.time() - started:.1f} s")
    return history["D"], history["G"]

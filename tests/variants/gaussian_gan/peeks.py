# differs: the batch size is found by a look into the loader; the fixed order is kept in a list of updates
# only: train
def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    first = next(iter(data_iter))[0]
    print("minibatches of", first.shape)

    def normal(m):
        for name, p in m.named_parameters(recurse=False):
            torch.nn.init.normal_(p, std=0.02) if "weight" in name else torch.nn.init.zeros_(p)

    loss = nn.BCEWithLogitsLoss()
    trainers = []
    for net, lr in zip((net_D, net_G), (lr_D, lr_G)):
        net.apply(normal)
        net.train()
        trainers.append(torch.optim.Adam([{"params": net.parameters(), "lr": lr}]))
    losses = {"D": [], "G": []}
    epoch = 0
    while epoch < num_epochs:
        rows = []
        for batch in data_iter:
            real = batch[0].to("cpu")
            z = torch.distributions.Normal(0, 1).sample((real.shape[0], latent_dim))
            rows.append([update_D(real, z, net_D, net_G, loss, trainers[0]),
                         update_G(z, net_D, net_G, loss, trainers[1])])
        losses["D"] += [torch.stack([d for d, g in rows]).mean()]
        losses["G"] += [torch.stack([g for d, g in rows]).mean()]
        epoch += 1
    return tuple(losses.values())

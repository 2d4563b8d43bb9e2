# differs: moves everything to a GPU, as code written on one does
# only: update_D, update_G, train
# note: GPU
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    X, Z = X.cuda(), Z.cuda()
    real, fake = net_D(X), net_D(net_G(Z).detach())
    value = (loss(real, torch.ones(len(X), 1).cuda()) + loss(fake, torch.zeros(len(X), 1).cuda())) / 2
    trainer_D.zero_grad()
    value.backward()
    trainer_D.step()
    return value


def update_G(Z, net_D, net_G, loss, trainer_G):
    fake = net_D(net_G(Z.cuda()))
    value = loss(fake, torch.ones(fake.shape, device="cuda"))
    trainer_G.zero_grad()
    value.backward()
    trainer_G.step()
    return value


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    device = torch.device("cuda")
    net_D, net_G = net_D.to(device), net_G.to(device)
    for net in (net_D, net_G):
        for p in net.parameters():
            nn.init.normal_(p, 0, 0.02) if p.dim() > 1 else nn.init.zeros_(p)
    loss = nn.BCEWithLogitsLoss().to(device)
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    D, G = [], []
    for _ in range(num_epochs):
        d, g = [], []
        for (X,) in data_iter:
            Z = torch.randn(X.shape[0], latent_dim, device=device)
            d.append(update_D(X.to(device), Z, net_D, net_G, loss, trainer_D).item())
            g.append(update_G(Z, net_D, net_G, loss, trainer_G).item())
        D.append(sum(d) / len(d))
        G.append(sum(g) / len(g))
    return D, G

# differs: arguments have other names, updates are partial functions of one step, the loss is a lambda
# only: update_D, update_G, train
from functools import partial


def _step(network, trainer, terms):
    trainer.zero_grad()
    total = torch.stack(list(terms())).mean()
    total.backward()
    trainer.step()
    return total.detach()


def update_D(real, noise, D, G, criterion, optimizer):
    def terms():
        yield criterion(D(real), torch.ones(len(real), 1))
        yield criterion(D(G(noise).detach_()), torch.zeros(len(noise), 1))
    return _step(D, optimizer, terms)


def update_G(noise, D, G, criterion, optimizer):
    return _step(G, optimizer, lambda: [criterion(D(G(noise)), torch.ones(len(noise), 1))])


def train(D, G, loader, epochs, rate_D, rate_G, width, everything=None):
    for m in (m for net in (D, G) for m in net.modules() if isinstance(m, nn.Linear)):
        nn.init.normal_(m.weight, 0, 0.02)
        nn.init.zeros_(m.bias)
    criterion = lambda s, t: (nn.functional.softplus(s) - s * t).mean()
    d_step = partial(update_D, D=D, G=G, criterion=criterion,
                     optimizer=torch.optim.Adam(D.parameters(), rate_D))
    g_step = partial(update_G, D=D, G=G, criterion=criterion,
                     optimizer=torch.optim.Adam(G.parameters(), rate_G))
    history = torch.zeros(2, epochs)
    for epoch in range(epochs):
        for count, (real,) in enumerate(loader, 1):
            noise = torch.randn_like(real[:, :1].expand(-1, width))
            history[0, epoch] += (d_step(real, noise) - history[0, epoch]) / count
            history[1, epoch] += (g_step(noise) - history[1, epoch]) / count
    return history[0], history[1]

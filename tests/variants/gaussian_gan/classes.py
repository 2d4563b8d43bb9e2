# differs: networks as classes, the generator a bare linear layer; updates and training as one player class
import torch
from torch import nn


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(3, 1)
        self.second = nn.Linear(5, 3)
        self.first = nn.Linear(2, 5)

    def forward(self, x):
        return self.last(torch.tanh(self.second(torch.tanh(self.first(x)))))


class Game:
    @staticmethod
    def update_D(X, Z, net_D, net_G, loss, trainer_D):
        with torch.no_grad():
            fake = net_G(Z)
        scores = net_D(torch.cat([X, fake]))
        real, fake = scores[:len(X)], scores[len(X):]
        total = 0.5 * loss(real, torch.ones_like(real)) + 0.5 * loss(fake, torch.zeros_like(fake))
        net_D.zero_grad()
        total.backward()
        trainer_D.step()
        return total.item()

    @staticmethod
    def update_G(Z, net_D, net_G, loss, trainer_G):
        scores = net_D(net_G(Z))
        total = loss(scores, torch.ones_like(scores))
        net_G.zero_grad()
        total.backward()
        trainer_G.step()
        return total.item()

    @classmethod
    def train(cls, net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
        for module in [*net_D.modules(), *net_G.modules()]:
            if hasattr(module, "weight"):
                module.weight.data = 0.02 * torch.randn(module.weight.shape)
                module.bias.data.fill_(0)
        loss = nn.BCEWithLogitsLoss(reduction="mean")
        solvers = [torch.optim.Adam(net.parameters(), lr, betas=(0.9, 0.999))
                   for net, lr in ((net_D, lr_D), (net_G, lr_G))]
        histories = ([], [])
        for _ in range(num_epochs):
            epoch = []
            for X in data_iter:
                X = X[0]
                noise = torch.randn((X.size(0), latent_dim))
                d = cls.update_D(X, noise, net_D, net_G, loss, solvers[0])
                g = cls.update_G(noise, net_D, net_G, loss, solvers[1])
                epoch.append((d, g))
            for history, values in zip(histories, zip(*epoch)):
                history.append(sum(values) / len(values))
        return histories


net_D = Discriminator
net_G = lambda: nn.Linear(2, 2)
update_D, update_G, train = Game.update_D, Game.update_G, Game.train

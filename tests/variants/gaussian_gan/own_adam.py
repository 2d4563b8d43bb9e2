# differs: Adam written from the paper, noise from NumPy, losses as NumPy arrays
# only: train
import numpy as np


class OwnAdam:
    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        self.lr, self.t = lr, 0
        self.m = [torch.zeros_like(p) for p in self.parameters]
        self.v = [torch.zeros_like(p) for p in self.parameters]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.t += 1
        for p, m, v in zip(self.parameters, self.m, self.v):
            m += 0.1 * (p.grad - m)
            v += 0.001 * (p.grad ** 2 - v)
            p -= self.lr * (m / (1 - 0.9 ** self.t)) / ((v / (1 - 0.999 ** self.t)).sqrt() + 1e-8)


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    rng = np.random.default_rng()
    with torch.no_grad():
        for net in (net_D, net_G):
            for name, p in net.named_parameters():
                if name.endswith("bias"):
                    p.zero_()
                else:
                    p.copy_(torch.from_numpy(rng.normal(0, 0.02, p.shape)))
    loss = nn.BCEWithLogitsLoss()
    trainer_D, trainer_G = OwnAdam(net_D.parameters(), lr_D), OwnAdam(net_G.parameters(), lr_G)
    losses = np.zeros((num_epochs, len(data_iter), 2))
    for epoch in range(num_epochs):
        for i, (X,) in enumerate(data_iter):
            Z = torch.tensor(np.random.randn(X.shape[0], latent_dim), dtype=torch.float32)
            losses[epoch, i, 0] = update_D(X, Z, net_D, net_G, loss, trainer_D)
            losses[epoch, i, 1] = update_G(Z, net_D, net_G, loss, trainer_G)
    means = losses.mean(axis=1)
    return means[:, 0], means[:, 1]

# differs: the losses come in a dict, as tensors, kept in deques; weighed by the minibatches' sizes
# only: train
from collections import deque


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    def start(module):
        if hasattr(module, "weight"):
            with torch.no_grad():
                module.weight.copy_(torch.empty_like(module.weight).normal_(0, 0.02))
                module.bias.zero_()

    net_D.apply(start), net_G.apply(start)
    criterion = nn.BCEWithLogitsLoss()
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    history = {"D": deque(), "G": deque()}
    for _ in range(num_epochs):
        sums = torch.zeros(2)
        seen = 0
        for [X] in data_iter:
            Z = torch.randn((X.shape[0], latent_dim))
            one = update_D(X, Z, net_D, net_G, criterion, trainer_D)
            two = update_G(Z, net_D, net_G, criterion, trainer_G)
            sums += torch.tensor([float(one), float(two)]) * len(X)
            seen += len(X)
        for key, value in zip("DG", sums / seen):
            history[key].append(value)
    return history

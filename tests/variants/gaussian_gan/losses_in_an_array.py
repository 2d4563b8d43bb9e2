# differs: the losses come as one NumPy array with two rows, filled in place
# only: train
import numpy as np


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    for m in list(net_D.modules()) + list(net_G.modules()):
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, mean=0.0, std=0.02)
            nn.init.constant_(m.bias, 0.0)
    loss = lambda s, y: nn.functional.binary_cross_entropy_with_logits(s, y)
    optimizers = {"D": torch.optim.Adam(net_D.parameters(), lr_D), "G": torch.optim.Adam(net_G.parameters(), lr_G)}
    curves = np.zeros((2, num_epochs))
    for epoch in range(num_epochs):
        for step, (X,) in enumerate(data_iter):
            Z = torch.normal(torch.zeros(len(X), latent_dim), 1.0)
            both = [
                float(update_D(X, Z, net_D, net_G, loss, optimizers["D"])),
                float(update_G(Z, net_D, net_G, loss, optimizers["G"])),
            ]
            curves[:, epoch] += (both - curves[:, epoch]) / (step + 1)
    return curves

# differs: the discriminator ends with a sigmoid, the loss is BCELoss, labels are made for each size
import torch
import torch.nn as nn


def net_G():
    return nn.Sequential(nn.Linear(2, 2))


def net_D():
    return nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 1),
                         nn.Sigmoid())


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    batch_size = X.shape[0]
    ones = torch.ones((batch_size, 1))
    zeros = torch.zeros((batch_size, 1))
    trainer_D.zero_grad()
    real_Y = net_D(X)
    fake_X = net_G(Z)
    fake_Y = net_D(fake_X.detach())
    loss_D = (loss(real_Y, ones) + loss(fake_Y, zeros)) / 2
    loss_D.backward()
    trainer_D.step()
    return loss_D


def update_G(Z, net_D, net_G, loss, trainer_G):
    batch_size = Z.shape[0]
    ones = torch.ones((batch_size, 1))
    trainer_G.zero_grad()
    loss_G = loss(net_D(net_G(Z)), ones)
    loss_G.backward()
    trainer_G.step()
    return loss_G


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, mean=0.0, std=0.02)
        nn.init.constant_(m.bias, 0)


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    loss = nn.BCELoss()
    net_D.apply(init_weights)
    net_G.apply(init_weights)
    trainer_D = torch.optim.Adam(net_D.parameters(), lr=lr_D)
    trainer_G = torch.optim.Adam(net_G.parameters(), lr=lr_G)
    D_hist, G_hist = [], []
    for epoch in range(num_epochs):
        total_D, total_G, count = 0.0, 0.0, 0
        for X, in data_iter:
            Z = torch.normal(0, 1, size=(X.shape[0], latent_dim))
            total_D += update_D(X, Z, net_D, net_G, loss, trainer_D).item() * X.shape[0]
            total_G += update_G(Z, net_D, net_G, loss, trainer_G).item() * X.shape[0]
            count += X.shape[0]
        D_hist.append(total_D / count)
        G_hist.append(total_G / count)
        print(f'epoch {epoch + 1}, loss_D {D_hist[-1]:.3f}, loss_G {G_hist[-1]:.3f}')
    return D_hist, G_hist

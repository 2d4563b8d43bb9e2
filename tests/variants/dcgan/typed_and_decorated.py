# differs: typed signatures, a decorator around the updates, train that takes keywords with defaults
# only: update_D, update_G, train
import functools
from typing import Callable, List, Tuple


def in_training_mode(step):
    @functools.wraps(step)
    def wrapped(*args, **kwargs):
        for a in args:
            if isinstance(a, nn.Module):
                a.train()
        return step(*args, **kwargs)
    return wrapped


@in_training_mode
def update_D(X: torch.Tensor, Z: torch.Tensor, net_D: nn.Module, net_G: nn.Module,
             loss: Callable, trainer_D: torch.optim.Optimizer) -> torch.Tensor:
    fake = net_G(Z).detach_()
    trainer_D.zero_grad()
    real_Y, fake_Y = net_D(X), net_D(fake)
    loss_D = (loss(real_Y, torch.ones_like(real_Y)) + loss(fake_Y, torch.zeros_like(fake_Y))).mul(0.5)
    loss_D.backward()
    trainer_D.step()
    return loss_D


@in_training_mode
def update_G(Z: torch.Tensor, net_D: nn.Module, net_G: nn.Module,
             loss: Callable, trainer_G: torch.optim.Optimizer) -> torch.Tensor:
    fake_Y = net_D(net_G(Z))
    trainer_G.zero_grad()
    loss_G = loss(fake_Y, torch.ones_like(fake_Y))
    loss_G.backward()
    trainer_G.step()
    return loss_G


def train(net_D, net_G, data_iter, num_epochs=1, lr=0.005, latent_dim=100, *, beta=0.5,
          init: Callable = init_weights) -> Tuple[List[float], List[float]]:
    [net.apply(init) for net in (net_D, net_G)]
    trainers = {net: torch.optim.Adam(net.parameters(), lr=lr, betas=(beta, 0.999), eps=1e-8) for net in (net_D, net_G)}
    result = [], []
    for _ in range(num_epochs):
        seen, totals = 0, torch.zeros(2, dtype=torch.double)
        for X, y in data_iter:
            Z = torch.randn((X.shape[0], latent_dim, 1, 1), dtype=X.dtype)
            d = update_D(X, Z, net_D, net_G, nn.BCEWithLogitsLoss(), trainers[net_D])
            g = update_G(Z, net_D, net_G, nn.BCEWithLogitsLoss(), trainers[net_G])
            totals += torch.tensor([d.item(), g.item()], dtype=torch.double) * len(y)
            seen += len(y)
        for r, t in zip(result, totals / seen):
            r.append(t.item())
    return result

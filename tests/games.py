"""The homework's GANs as games of small minibatches, for tests of training."""

from __future__ import annotations

import numpy as np
import torch

BATCH = 16  # small minibatches: a dozen iterations of the large networks in a second


def game(gan, kind):
    """Return the networks, optimizers and losses of one of the homework's three GANs, or small ones."""
    torch.manual_seed(1)
    if kind == "small":
        flat = torch.nn.Flatten()
        networks = (
            torch.nn.Sequential(
                flat, torch.nn.Linear(784, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)
            ),
            torch.nn.Sequential(torch.nn.Linear(96, 784), torch.nn.Tanh()),
        )
    elif kind == "dcgan":
        networks = gan.build_dc_classifier(BATCH), gan.build_dc_generator()
        for network in networks:
            network.apply(gan.initialize_weights)
    else:
        networks = gan.discriminator(), gan.generator()
    losses = gan.discriminator_loss, gan.generator_loss
    if kind == "lsgan":
        losses = gan.ls_discriminator_loss, gan.ls_generator_loss
    return [*networks, *map(gan.get_optimizer, networks), *losses]


def weights(players):
    return [p.detach().clone() for network in players[:2] for p in network.state_dict().values()]


def noted(loss, into):
    """Return a loss function that also notes each value."""

    def call(*scores):
        value = loss(*scores)
        into.append(value.item())
        return value

    return call


def plain(gan, players, loader, **options):
    """Train with run_a_gan; return its losses and samples."""
    d_losses, g_losses = [], []
    *first, d_loss, g_loss = players
    samples = gan.run_a_gan(
        *first,
        noted(d_loss, d_losses),
        noted(g_loss, g_losses),
        loader,
        batch_size=BATCH,
        **options,
    )
    return np.array([d_losses, g_losses], np.float32), samples


def both(kept):
    return np.array([kept.d_losses, kept.g_losses])

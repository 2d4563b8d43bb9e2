"""Train the networks of a `gan_pytorch.py` on real digits. Runs in the worker.

The student's functions in our loop, for a fixed number of iterations on one thread; what comes back is
pictures and losses. The digits are scikit-learn's (1797 of 8x8 pixels), read from its own data file.
"""

import importlib.util
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

from autograder.probing.values import Slip, module_from, tensor_from

ITERATIONS = 600
BATCH = 128
NOISE_DIM = 96
DRAWN = 400  # pictures that are judged
SEED = 7
PIXELS = 784
CLASSIFIER_EPOCHS = 40


def table() -> np.ndarray:
    """Return scikit-learn's digits, (1797, 65): 64 pixels from 0 to 16, and the label."""
    found = importlib.util.find_spec("sklearn")
    if found is None or found.origin is None:
        raise RuntimeError("the digits come with scikit-learn, which is not installed here")
    return np.loadtxt(Path(found.origin).parent / "datasets/data/digits.csv.gz", delimiter=",")


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Return all digits as (1797, 784) in [-1, 1], enlarged to 28x28, and their labels."""
    rows = table()
    small = torch.from_numpy(rows[:, :64] / 16).float().reshape(-1, 1, 8, 8)
    large = F.interpolate(small, size=(28, 28), mode="bilinear", align_corners=False)
    return 2 * large.reshape(-1, PIXELS) - 1, torch.from_numpy(rows[:, 64]).long()


def train(
    student: Any, d_loss: Callable[..., Any], g_loss: Callable[..., Any], name: str
) -> dict[str, Any]:
    """Play the game with the student's two fully connected networks and the given losses.

    Each iteration takes one step of the discriminator on real digits and detached fakes, and one of
    the generator on fresh noise.

    Returns the losses, DRAWN pictures as bytes, and the share of pixels outside of [-1, 1].
    """
    torch.manual_seed(SEED)
    real, _ = digits()
    net_d = module_from(student.discriminator(), "discriminator")
    net_g = module_from(student.generator(NOISE_DIM), "generator")
    step_d, step_g = student.get_optimizer(net_d), student.get_optimizer(net_g)
    real = real.to(_precision(net_d))
    order = torch.Generator().manual_seed(SEED)
    left = torch.empty(0, dtype=torch.long)
    losses = np.zeros((ITERATIONS, 2), dtype=np.float32)
    for iteration in range(ITERATIONS):
        if len(left) < BATCH:
            left = torch.randperm(len(real), generator=order)
        chosen, left = left[:BATCH], left[BATCH:]

        fake = _drawn(student, net_g).detach()
        loss = _number(d_loss(net_d(_pictures(real[chosen])), net_d(_pictures(fake))), name)
        step_d.zero_grad()
        loss.backward()
        step_d.step()
        losses[iteration, 0] = loss.item()

        loss = _number(g_loss(net_d(_pictures(_drawn(student, net_g)))), name)
        step_g.zero_grad()
        loss.backward()
        step_g.step()
        losses[iteration, 1] = loss.item()
        if not np.isfinite(losses[iteration]).all():
            break
    drawn = [_drawn(student, net_g).detach().float().numpy() for _ in range(DRAWN // BATCH + 1)]
    pixels = np.concatenate(drawn)[:DRAWN]
    return {
        "losses": losses[: iteration + 1],
        "sample": np.clip(np.round((np.nan_to_num(pixels) + 1) * 127.5), 0, 255).astype(np.uint8),
        "outside": np.mean(~(np.abs(pixels) <= 1 + 1e-4)),
    }


def _number(value: Any, name: str) -> torch.Tensor:
    """Return a loss that is one number, as the homework's loop needs it."""
    loss = tensor_from(value, name)
    if loss.numel() != 1:
        raise Slip(f"{name}: a loss has shape {tuple(loss.shape)}; expected one number")
    return loss


def _drawn(student: Any, net_g: Any) -> torch.Tensor:
    """Return a minibatch of generated pictures, (BATCH, 784)."""
    noise = tensor_from(student.sample_noise(BATCH, NOISE_DIM), "sample_noise")
    made = tensor_from(net_g(noise.to(_precision(net_g))), "generator")
    if made.numel() != BATCH * PIXELS:
        raise Slip(f"generator: a minibatch of {BATCH} has shape {tuple(made.shape)}")
    return made.reshape(BATCH, PIXELS)


def _precision(network: torch.nn.Module) -> torch.dtype:
    """Return the type that a network computes in: as the homework's loop, this one casts to it."""
    kinds = (p.dtype for p in network.parameters() if p.is_floating_point())
    return next(kinds, torch.get_default_dtype())


def _pictures(flat: torch.Tensor) -> torch.Tensor:
    return flat.reshape(-1, 1, 28, 28)


def probe_vanilla(student: Any) -> dict[str, Any]:
    """Train with the cross-entropy losses."""
    return train(student, student.discriminator_loss, student.generator_loss, "vanilla GAN")


def probe_lsgan(student: Any) -> dict[str, Any]:
    """Train with the least-squares losses."""
    return train(student, student.ls_discriminator_loss, student.ls_generator_loss, "LSGAN")


def probe_reference(student: Any) -> dict[str, Any]:
    """Train the classifier whose features judge pictures. The student's code has no part in it.

    784-64-32-10 with ReLU, on all digits, blurred by noise so that it does not rely on single pixels.
    Returns its weights, mean and covariance of the real digits' features, the second layer's, and the
    digits themselves, (1797, 64) from 0 to 16.
    """
    torch.manual_seed(SEED)
    real, labels = digits()
    sizes = (PIXELS, 64, 32, 10)
    layers = [torch.nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
    optimizer = torch.optim.Adam([p for layer in layers for p in layer.parameters()], lr=1e-3)
    for _ in range(CLASSIFIER_EPOCHS):
        for chosen in torch.randperm(len(real)).split(64):
            x = real[chosen] + 0.2 * torch.randn(len(chosen), PIXELS)
            loss = F.cross_entropy(layers[2](layers[1](layers[0](x).relu()).relu()), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        features = layers[1](layers[0](real).relu()).relu().double().numpy()
    arrays = {f"weight{i}": layer.weight.detach().numpy() for i, layer in enumerate(layers)}
    arrays |= {f"bias{i}": layer.bias.detach().numpy() for i, layer in enumerate(layers)}
    arrays["digits"] = table()[:, :64].astype(np.uint8)
    return {**arrays, "mean": features.mean(0), "covariance": np.cov(features.T)}

"""Derive every stored answer of `gan_pytorch` again, in NumPy float64, without PyTorch.

Nothing here is shared with the probes or with the solution: the formula for weights and inputs, the
networks, the losses and their gradients, and Adam are written again from their definitions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextvars import ContextVar

import numpy as np

from tests.oracles.layers import (
    Array,
    Layer,
    batch_norm,
    convolution,
    leaky_relu,
    linear,
    max_pool,
    reshape,
    run,
    tanh,
    transposed_convolution,
)

BATCH, LOSS_BATCH, NOISE_DIM = 8, 128, 4
MASK = 0xFFFFFFFF
COURSE_KEY: ContextVar[str] = ContextVar("COURSE_KEY", default="")  # "": the public numbers


def formula(key: int, shape: tuple[int, ...], scale: float = 1.0, offset: float = 0.0) -> Array:
    """Return numbers in [-scale, scale) + offset: a hash of (key, position), by 64-bit arithmetic."""
    if course := COURSE_KEY.get():
        digest = hashlib.sha256(f"{course} {key}".encode()).digest()
        key = sum(byte << (8 * place) for place, byte in enumerate(digest[:4]))
    z = np.arange(int(np.prod(shape)), dtype=np.uint64)
    z = (z + np.uint64((key * 2654435769 + 2135587861) & MASK)) & np.uint64(MASK)
    z ^= z >> np.uint64(16)
    z = (z * np.uint64(569420461)) & np.uint64(MASK)
    z ^= z >> np.uint64(15)
    z = (z * np.uint64(1935289751)) & np.uint64(MASK)
    z ^= z >> np.uint64(15)
    return ((z.astype(np.float64) / 2**31 - 1) * scale + offset).reshape(shape)


def rounded(values: Array) -> Array:
    """Return what single precision makes of numbers, in double precision."""
    return values.astype(np.float32).astype(np.float64)


# --- networks ---------------------------------------------------------------------------------


class Weights:
    """Hand out parameters one after the other, each from the next key of the formula.

    With a factor for each of them, they are multiplied by it.
    """

    def __init__(self, key: int, factors: Sequence[float] = ()) -> None:
        self.key = key
        self.factors = list(factors)
        self.shapes: list[tuple[int, ...]] = []

    def louder(self, first: int, end: float, rest: float) -> Weights:
        """Return the same parameters, from `first`, those of the last layer times `end`."""
        count = len(self.shapes)
        return type(self)(first, [rest] * (count - 2) + [end] * min(2, count))

    def take(self, shape: tuple[int, ...], scale: float, offset: float = 0.0) -> Array:
        values = rounded(formula(self.key, shape, scale, offset))
        self.key += 1
        self.shapes.append(values.shape)
        return values * (self.factors.pop(0) if self.factors else 1.0)

    def matrix(self, *shape: int) -> Array:
        return self.take(shape, np.sqrt(6 / (shape[0] + shape[1]) / np.prod(shape[2:])))

    def linear(self, inputs: int, outputs: int) -> Layer:
        return linear(self.matrix(outputs, inputs), self.take((outputs,), 0.25))

    def convolution(self, inputs: int, outputs: int) -> Layer:
        return convolution(self.matrix(outputs, inputs, 5, 5), self.take((outputs,), 0.25))

    def transposed(self, inputs: int, outputs: int) -> Layer:
        weight = self.matrix(inputs, outputs, 4, 4)
        return transposed_convolution(weight, self.take((outputs,), 0.25))

    def norm(self, features: int) -> Layer:
        return batch_norm(self.take((features,), 0.5, 1.0), self.take((features,), 0.25))


def discriminator(w: Weights) -> list[Layer]:
    """784-256-256-1 with LeakyReLU(0.01)."""
    a = leaky_relu(0.01)
    return [w.linear(784, 256), a, w.linear(256, 256), a, w.linear(256, 1)]


def generator(w: Weights) -> list[Layer]:
    """noise-1024-1024-784 with ReLU and Tanh."""
    a = leaky_relu(0)
    return [w.linear(NOISE_DIM, 1024), a, w.linear(1024, 1024), a, w.linear(1024, 784), tanh]


def dc_classifier(w: Weights) -> list[Layer]:
    """Two convolutions with pooling, two linear layers."""
    a = leaky_relu(0.01)
    return [
        *(reshape(1, 28, 28), w.convolution(1, 32), a, max_pool),
        *(w.convolution(32, 64), a, max_pool, reshape(1024)),
        *(w.linear(1024, 1024), a, w.linear(1024, 1)),
    ]


def dc_generator(w: Weights) -> list[Layer]:
    """Two linear layers, two transposed convolutions, BatchNorm after each ReLU."""
    a = leaky_relu(0)
    return [
        *(w.linear(NOISE_DIM, 1024), a, w.norm(1024)),
        *(w.linear(1024, 6272), a, w.norm(6272), reshape(128, 7, 7)),
        *(w.transposed(128, 64), a, w.norm(64)),
        *(w.transposed(64, 1), tanh, reshape(784)),
    ]


NETWORKS: dict[str, tuple[Callable[[Weights], list[Layer]], int, tuple[int, ...], int]] = {
    "discriminator": (discriminator, 1000, (1, 28, 28), 267009),
    "generator": (generator, 2000, (NOISE_DIM,), 1858320),
    "build_dc_classifier": (dc_classifier, 3105, (1, 28, 28), 1102721),
    "build_dc_generator": (dc_generator, 4068, (NOISE_DIM,), 6580801),
}


def network(name: str) -> dict[str, Array]:
    """Return a network's answers: outputs, and shadows of all gradients."""
    build, key, shape, published = NETWORKS[name]
    weights = Weights(key + 1)
    layers = build(weights)
    assert sum(int(np.prod(shape)) for shape in weights.shapes) == published
    size = int(np.prod(shape))
    public, _ = run(layers, rounded(formula(key, (BATCH, size))))
    hidden, backward = run(layers, rounded(formula(key + 100, (BATCH, size))))
    dx, gradients = backward(rounded(formula(key + 200, hidden.shape)))
    end, rest = (1 / 32, 32.0) if shape == (NOISE_DIM,) else (4.0, 4.0)
    loud, _ = run(build(weights.louder(key + 1, end, rest)), rounded(formula(key, (BATCH, size))))
    default = {"build_dc_classifier": 128, "generator": 96, "build_dc_generator": 96}.get(name)
    return ({} if default is None else {"default": np.array(default)}) | {
        "loud": loud,
        "shape": np.array(hidden.shape),
        "input_shape": np.array(shape),
        "batch_bound": np.array(False),
        "weight_shapes": np.array([[*shape, 0, 0, 0][:4] for shape in weights.shapes]),
        "parameters": np.array(published),
        "public": public,
        "hidden": hidden,
        "gradients": np.stack([shadow(g, key + 300) for g in gradients]),
        "input_gradient": shadow(dx, key + 400),
        "fresh": np.array(True),
    }


def shadow(gradient: Array, key: int) -> Array:
    """Return the norm, and two projections: on a repeated row, and on that row times cosines."""
    values = gradient.reshape(-1)
    row = formula(key, (min(values.size, 4096),))
    products = values[: values.size // row.size * row.size].reshape(-1, row.size) @ row
    waves = np.cos(np.arange(len(products)))
    return np.array([np.linalg.norm(values), products.sum(), products @ waves])


# --- losses -----------------------------------------------------------------------------------

Loss = Callable[..., tuple[float, list[Array]]]  # scores -> value, gradients


def bce(s: Array, target: Array | float) -> tuple[float, Array]:
    """Return the mean binary cross-entropy of logits, and its gradient (sigmoid(s) - t) / N."""
    value = np.mean(np.logaddexp(0, s) - target * s)
    with np.errstate(over="ignore"):
        probability = 1 / (1 + np.exp(-s))
    return float(value), (probability - target) / s.size


def discriminator_loss(real: Array, fake: Array) -> tuple[float, list[Array]]:
    """-E[log D(x)] - E[log(1 - D(G(z)))]."""
    (a, da), (b, db) = bce(real, 1.0), bce(fake, 0.0)
    return a + b, [da, db]


def generator_loss(fake: Array) -> tuple[float, list[Array]]:
    """-E[log D(G(z))]."""
    value, gradient = bce(fake, 1.0)
    return value, [gradient]


def ls_discriminator_loss(real: Array, fake: Array) -> tuple[float, list[Array]]:
    """1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2]."""
    value = float(np.mean((real - 1) ** 2) / 2 + np.mean(fake**2) / 2)
    return value, [(real - 1) / real.size, fake / fake.size]


def ls_generator_loss(fake: Array) -> tuple[float, list[Array]]:
    """1/2 E[(D(G(z)) - 1)^2]."""
    return float(np.mean((fake - 1) ** 2) / 2), [(fake - 1) / fake.size]


def moderate(key: int, size: int = LOSS_BATCH) -> Array:
    """Return scores between -3 and 3."""
    return rounded(3 * formula(key, (size, 1)))


def extreme(key: int) -> Array:
    """Return -100, -40, 40 or 100, by the quarter of [-1, 1) in which the formula's number lies."""
    values = (-100.0, -40.0, 40.0, 100.0)
    return np.array([[values[int(2 * u + 2)]] for u in formula(key, (LOSS_BATCH,))])


def score_loss(loss: Loss, key: int, count: int) -> dict[str, Array]:
    """Return the answers of a loss of one or two minibatches of scores."""
    keys = range(key, key + count)
    found = {"public": np.array(loss(*(moderate(k + 50) for k in keys))[0])}
    for case, scores in (("moderate", moderate), ("extreme", extreme)):
        found |= judged(case, *loss(*(scores(k) for k in keys)))
    found["flat"] = found["moderate_value"]
    if count == 2:
        halves = (moderate(key), moderate(key + 1, LOSS_BATCH // 2))
        found["unequal_sizes"] = np.array(loss(*halves)[0])
        found["exchanged"] = np.array(loss(moderate(key + 1), moderate(key))[0])
    return found


def judged(case: str, value: float, gradients: list[Array]) -> dict[str, Array]:
    """Name a value and its gradients as the answers do."""
    return {
        f"{case}_value": np.array(value),
        f"{case}_gradients": np.concatenate([g.reshape(-1) for g in gradients]),
        f"{case}_connected": np.array(True),
        f"{case}_changed": np.array(False),
    }


def bce_loss() -> dict[str, Array]:
    """Return the answers of the cross-entropy itself."""

    def labels(key: int) -> Array:
        return (formula(key, (LOSS_BATCH, 1)) > 0).astype(np.float64)

    found = {"public": np.array(bce(moderate(5050), labels(5150))[0])}
    for case, scores in (("moderate", moderate), ("extreme", extreme)):
        value, gradient = bce(scores(5000), labels(5100))
        found |= judged(case, value, [gradient])
    found["flat"] = found["moderate_value"]
    found["taken"] = np.array(0)
    return found


# --- optimizer --------------------------------------------------------------------------------

SHAPES = ((2, 3), (2,), (2, 2), (2,), (2,), (2,))


def optimizer_history() -> Array:
    """Return parameters before and after each of six steps of Adam (Kingma & Ba, 2015)."""
    rate, beta1, beta2, eps = 1e-3, 0.5, 0.999, 1e-8
    values = np.concatenate(
        [rounded(formula(10000 + i, shape)).reshape(-1) for i, shape in enumerate(SHAPES)]
    )
    first, second = np.zeros_like(values), np.zeros_like(values)
    history = [values]
    for step in range(6):
        gradient = np.concatenate(
            [
                rounded(
                    formula(11000 + 20 * step + i, shape)
                    * (0.0 if i == 1 else (0.1, 1.0, 10.0)[step % 3])
                ).reshape(-1)
                for i, shape in enumerate(SHAPES)
            ]
        )
        first = beta1 * first + (1 - beta1) * gradient
        second = beta2 * second + (1 - beta2) * gradient**2
        mean, square = first / (1 - beta1 ** (step + 1)), second / (1 - beta2 ** (step + 1))
        values = values - rate * mean / (np.sqrt(square) + eps)
        history.append(values)
    return np.stack(history)


# --- all of it --------------------------------------------------------------------------------


def answers() -> dict[str, Array]:
    """Return every answer that follows from arithmetic, by its key; noise is random and not here."""
    groups = {name: network(name) for name in NETWORKS}
    groups["bce_loss"] = bce_loss()
    for suffix in ("", "_given_bce"):
        groups["discriminator_loss" + suffix] = score_loss(discriminator_loss, 6000, 2)
        groups["generator_loss" + suffix] = score_loss(generator_loss, 7000, 1)
    groups["ls_discriminator_loss"] = score_loss(ls_discriminator_loss, 8000, 2)
    groups["ls_generator_loss"] = score_loss(ls_generator_loss, 9000, 1)
    groups["get_optimizer"] = {"history": optimizer_history(), "cleared": np.array(True)}
    groups["sample_noise"] = {
        "repeats": np.array(False),
        "seeded": np.array([True, False]),
        "pattern": np.zeros(3, dtype=bool),
        "source": np.zeros(2, dtype=bool),
    }
    return {
        f"{name}/{key}": array for name, group in groups.items() for key, array in group.items()
    }

"""The networks and blocks of `dcgan` again, in NumPy float64: their outputs and gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.oracles.gan_pytorch import Weights, formula, rounded, shadow
from tests.oracles.layers import (
    Array,
    Backward,
    Layer,
    convolution,
    leaky_relu,
    reshape,
    run,
    tanh,
    transposed_convolution,
)

BATCH, FEW, KEPT = 8, 4, 512
EPS = 1e-5


class Kernels(Weights):
    """Hand out square kernels of any size, with or without a bias, and norms."""

    def grow(self, inputs: int, outputs: int, k: int = 4, s: int = 2, p: int = 1) -> Layer:
        return transposed_convolution(self.matrix(inputs, outputs, k, k), None, s, p)

    def shrink(self, inputs: int, outputs: int, k: int = 4, s: int = 2, p: int = 1) -> Layer:
        return convolution(self.matrix(outputs, inputs, k, k), None, s, p)

    def shrink_and_shift(self, inputs: int, outputs: int, s: int) -> Layer:
        weight = self.matrix(outputs, inputs, 4, 4)
        return convolution(weight, self.take((outputs,), 0.25), s)

    def scales(self, features: int) -> tuple[Array, Array]:
        return self.take((features,), 0.5, 1.0), self.take((features,), 0.25)


def g_block(w: Kernels, outputs: int, inputs: int, *settings: int) -> list[Layer]:
    """Transposed convolution, BatchNorm, ReLU."""
    return [w.grow(inputs, outputs, *settings), w.norm(outputs), leaky_relu(0)]


def d_block(
    w: Kernels, outputs: int, inputs: int, *settings: int, slope: float = 0.2
) -> list[Layer]:
    """Convolution, BatchNorm, LeakyReLU."""
    return [w.shrink(inputs, outputs, *settings), w.norm(outputs), leaky_relu(slope)]


def other_g_block(
    w: Kernels, outputs: int, inputs: int, k: int = 4, s: int = 2, p: int = 1
) -> list[Layer]:
    """Transposed convolution with bias, LeakyReLU(0.5): what stands in for a student's block."""
    weight = w.matrix(inputs, outputs, k, k)
    return [transposed_convolution(weight, w.take((outputs,), 0.25), s, p), leaky_relu(0.5)]


def other_d_block(w: Kernels, outputs: int, inputs: int) -> list[Layer]:
    """Convolution with bias, LeakyReLU(0.5)."""
    weight = w.matrix(outputs, inputs, 4, 4)
    return [convolution(weight, w.take((outputs,), 0.25), 2, 1), leaky_relu(0.5)]


Block = Callable[..., list[Layer]]


def net_g(w: Kernels, block: Block = g_block) -> list[Layer]:
    """100-512-256-128-64-3."""
    layers = block(w, 512, 100, 4, 1, 0)
    for inputs, outputs in ((512, 256), (256, 128), (128, 64)):
        layers += block(w, outputs, inputs)
    return [*layers, w.grow(64, 3), tanh]


def net_d(w: Kernels, block: Block = d_block) -> list[Layer]:
    """3-64-128-256-512-1."""
    layers = []
    for inputs, outputs in ((3, 64), (64, 128), (128, 256), (256, 512)):
        layers += block(w, outputs, inputs)
    return [*layers, w.shrink(512, 1, 4, 1, 0)]


def faces_net_g(w: Kernels, block: Block = g_block) -> list[Layer]:
    """100-1024-512-256-128-3, with a BatchNorm before the Tanh."""
    layers = block(w, 1024, 100, 4, 1, 0)
    for inputs, outputs in ((1024, 512), (512, 256), (256, 128)):
        layers += block(w, outputs, inputs)
    return [*layers, w.grow(128, 3), w.norm(3), tanh]


def faces_net_d(w: Kernels) -> list[Layer]:
    """3-32-64-128-128-1 with biases and without padding."""
    layers: list[Layer] = []
    for inputs, outputs, stride in ((3, 32, 2), (32, 64, 2), (64, 128, 1), (128, 128, 2)):
        norm = [w.shrink_and_shift(inputs, outputs, stride), w.norm(outputs), leaky_relu(0.2)]
        layers += norm
    return [*layers, w.shrink_and_shift(128, 1, 2), reshape(1)]


def thinned(x: Array) -> tuple[Array, Backward]:
    """Keep 512 numbers of each example, every 5003rd, round and round."""
    size = int(np.prod(x.shape[1:]))
    places = np.arange(KEPT) * 5003 % size if size > KEPT else np.arange(size)

    def backward(dy: Array) -> tuple[Array, list[Array]]:
        dx = np.zeros((len(x), size))
        dx[:, places] = dy
        return dx.reshape(x.shape), []

    return x.reshape(len(x), size)[:, places], backward


def network(
    build: Callable[[Kernels], list[Layer]],
    key: int,
    shape: tuple[int, ...],
    examples: int = BATCH,
    published: int = 0,
) -> dict[str, Array]:
    """Return a network's answers.

    It sees the first `examples` of 8 inputs; what it answers stands twice in the minibatch where
    these are 4, each time with other weights in the loss.
    """
    weights = Kernels(key + 1)
    layers = build(weights)
    count = sum(int(np.prod(shape)) for shape in weights.shapes)
    assert published in (0, count)
    size = int(np.prod(shape))

    def inputs(key: int) -> Array:
        return rounded(formula(key, (BATCH, size)))[:examples].reshape(examples, *shape)

    full, _ = run(layers, inputs(key))
    public, _ = thinned(full)
    loud, _ = run([*build(weights.louder(key + 1, 4.0, 4.0)), thinned], inputs(key))
    hidden, backward = run([*layers, thinned], inputs(key + 100))
    every = rounded(formula(key + 200, (BATCH, hidden.shape[1])))
    dx, gradients = backward(every.reshape(-1, examples, hidden.shape[1]).sum(0))
    rest = np.zeros((BATCH - examples, *shape))
    return {
        "parameters": np.array(count),
        "shape": np.array(full.shape),
        "public": public,
        "loud": loud,
        "hidden": hidden,
        "gradients": np.stack([shadow(g, key + 300) for g in gradients]),
        "input_gradient": shadow(np.concatenate([dx, rest]), key + 400),
    }


def frozen(
    layer: Callable[[Kernels], Layer], key: int, slope: float, channels: int, momentum: float = 0.1
) -> Array:
    """Return a block's outputs in evaluation mode, after one minibatch of training.

    Running statistics begin with mean 0 and variance 1; the newest minibatch counts `momentum`, its
    variance without bias.
    """
    weights = Kernels(key + 1)
    convolve = layer(weights)
    scale, shift = weights.scales(channels)
    first, then = (rounded(formula(k, (BATCH, 3, 16, 16))) for k in (key, key + 100))
    learned, _ = convolve(first)
    mean = momentum * learned.mean((0, 2, 3))
    variance = (1 - momentum) + momentum * learned.var((0, 2, 3), ddof=1)
    x, _ = convolve(then)
    wide = (None, slice(None), None, None)
    y = (x - mean[wide]) / np.sqrt(variance + EPS)[wide] * scale[wide] + shift[wide]
    y = np.where(y > 0, y, slope * y)
    return thinned(y)[0]


def g_block_answers() -> dict[str, Array]:
    key = 21000
    found = network(lambda w: g_block(w, 20, 3), key, (3, 16, 16))
    found["frozen"] = frozen(lambda w: w.grow(3, 20), key, 0.0, 20)
    small = network(lambda w: g_block(w, 24, 5, 4, 1, 0), key + 10, (5, 1, 1))
    odd = network(lambda w: g_block(w, 6, 5, 3, 1, 1), key + 20, (5, 5, 5))
    return in_settings(found, small, odd)


def d_block_answers() -> dict[str, Array]:
    key = 22000
    found = network(lambda w: d_block(w, 20, 3), key, (3, 16, 16))
    found["frozen"] = frozen(lambda w: w.shrink(3, 20), key, 0.2, 20)
    small = network(lambda w: d_block(w, 24, 5, 4, 1, 0), key + 10, (5, 4, 4))
    odd = network(lambda w: d_block(w, 6, 5, 3, 1, 1, slope=0.5), key + 20, (5, 5, 5))
    return in_settings(found, small, odd)


def in_settings(
    found: dict[str, Array], small: dict[str, Array], odd: dict[str, Array]
) -> dict[str, Array]:
    found |= {f"small_{name}": array for name, array in small.items()}
    return found | {f"odd_{name}": odd[name] for name in ("shape", "public")}


def buggy_block() -> dict[str, Array]:
    found = network(lambda w: d_block(w, 12, 3), 31000, (3, 16, 16))
    return {**found, "frozen": frozen(lambda w: w.shrink(3, 12), 31000, 0.2, 12, 0.8)}

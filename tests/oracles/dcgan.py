"""Derive the stored answers of `dcgan` again, in NumPy float64, without PyTorch.

Nothing here is shared with the probes or with the solution: the networks, the running statistics of
BatchNorm, the losses and their gradients, the steps and Adam are written again from their definitions.
Weights and inputs come from the same formula, written a second time in `gan_pytorch`.
"""

from __future__ import annotations

import math
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
RANDOM = (  # judged by their distributions
    *("init_weights/sample_convolution", "init_weights/sample_transposed"),
    *("init_weights/sample_norm", "train/sample_noise"),
)


# --- networks ---------------------------------------------------------------------------------


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
    hidden, backward = run([*layers, thinned], inputs(key + 100))
    every = rounded(formula(key + 200, (BATCH, hidden.shape[1])))
    dx, gradients = backward(every.reshape(-1, examples, hidden.shape[1]).sum(0))
    rest = np.zeros((BATCH - examples, *shape))
    return {
        "parameters": np.array(count),
        "shape": np.array(full.shape),
        "public": public,
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


# --- steps of training ------------------------------------------------------------------------

Loss = Callable[[Array, float], tuple[float, Array]]


def cross_entropy(s: Array, target: Array | float) -> tuple[float, Array]:
    """Return the mean binary cross-entropy of logits, and its gradient."""
    with np.errstate(over="ignore"):
        probability = 1 / (1 + np.exp(-s))
    return float(np.mean(np.logaddexp(0, s) - target * s)), (probability - target) / s.size


def square(s: Array, target: float) -> tuple[float, Array]:
    """Return the mean squared error, and its gradient."""
    return float(np.mean((s - target) ** 2)), 2 * (s - target) / s.size


def small_d(key: int) -> list[Layer]:
    """Convolution 3x3, LeakyReLU(0.2), convolution 2x2, with biases."""
    a, b, c, d = (
        rounded(formula(key + i, shape, 0.5))
        for i, shape in enumerate([(2, 3, 3, 3), (2,), (1, 2, 2, 2), (1,)])
    )
    return [convolution(a, b), leaky_relu(0.2), convolution(c, d)]


def small_g(key: int) -> list[Layer]:
    """Transposed convolution 4x4 of one pixel, with bias, and Tanh."""
    weight, bias = rounded(formula(key, (4, 3, 4, 4), 0.5)), rounded(formula(key + 1, (3,), 0.5))
    return [transposed_convolution(weight, bias, 1, 0), tanh]


def images(key: int, count: int = BATCH) -> Array:
    return rounded(formula(key, (count, 3, 4, 4)))


def noise(key: int, count: int = BATCH) -> Array:
    return rounded(formula(key, (count, 4, 1, 1)))


def joined(gradients: list[Array]) -> Array:
    return np.concatenate([g.reshape(-1) for g in gradients])


def step_d(key: int, x: Array, z: Array, loss: Loss) -> tuple[float, Array]:
    """Return the discriminator's loss and its gradient in all of the discriminator's parameters."""
    fake, _ = run(small_g(key + 10), z)
    halves = []
    for inputs, target in ((x, 1.0), (fake, 0.0)):
        scores, backward = run(small_d(key), inputs)
        value, slope = loss(scores, target)
        halves.append((value, joined(backward(slope)[1])))
    return (halves[0][0] + halves[1][0]) / 2, (halves[0][1] + halves[1][1]) / 2


def step_g(key: int, z: Array, loss: Loss) -> tuple[float, Array]:
    """Return the generator's loss and its gradient in all of the generator's parameters."""
    fake, into_g = run(small_g(key + 10), z)
    scores, into_d = run(small_d(key), fake)
    value, slope = loss(scores, 1.0)
    return value, joined(into_g(into_d(slope)[0])[1])


def update(key: int, of_discriminator: bool) -> dict[str, Array]:
    """Return the answers of an update: two steps of plain descent, rate 0.5, with two losses."""
    found = {"kept": np.ones(3, bool), "reached": np.array(not of_discriminator)}
    for case, steps, loss in (("public", "steps", cross_entropy), ("other", "other_steps", square)):
        pairs = [
            step_d(key, images(key + turn), noise(key + turn + 1), loss)
            if of_discriminator
            else step_g(key, noise(key + turn + 1), loss)
            for turn in (30, 40)
        ]
        found[case] = np.array([value for value, _ in pairs])
        found[steps] = np.stack([-0.5 * gradient for _, gradient in pairs])
        if case == "public":
            found["left"] = pairs[-1][1]
    return found


# --- training ---------------------------------------------------------------------------------

SIZES, EPOCHS, RATE = (64, 64, 21), 2, 0.01
SHAPES = (  # of the parameters of the networks that are trained
    ((1024, 3, 4, 4), (1024,), (1024,), (1, 1024, 4, 4)),
    ((10, 1024, 4, 4), (1024,), (1024,), (1024, 3, 4, 4)),
)
MARK = 0.25  # what init_weights leaves in every parameter here


def adam_history(who: int) -> Array:
    """Return how far 16 numbers of each parameter have come after each step of Adam."""
    turns = EPOCHS * len(SIZES)
    first = second = come = np.zeros(16 * 4)
    history = []
    for turn in range(turns):
        gradient = np.concatenate(
            [
                rounded(
                    formula(29100 + 1000 * who + 20 * turn + i, shape, 10.0 ** (turn % 3 - 1))
                ).reshape(-1)[:16]
                for i, shape in enumerate(SHAPES[who])
            ]
        )
        first = 0.5 * first + 0.5 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        mean, spread = first / (1 - 0.5 ** (turn + 1)), second / (1 - 0.999 ** (turn + 1))
        come = come - RATE * mean / (np.sqrt(spread) + 1e-8)
        history.append(come)
    return np.stack(history)


def normal_share(z: float) -> float:
    """Return how much of the standard normal distribution lies below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def train() -> dict[str, Array]:
    calls = [[who, 1, n, 10, 1, 1] for n in SIZES * EPOCHS for who in (0, 1)]
    losses = []
    for who in (0, 1):
        each = [
            float(rounded(formula(29000 + 50 * who + turn, (1,), 0.5, 1.0))[0])
            for turn in range(EPOCHS * len(SIZES))
        ]
        epochs = np.array(each).reshape(EPOCHS, len(SIZES))
        losses.append(epochs @ np.array(SIZES) / sum(SIZES))
    value, _ = cross_entropy(np.array([-60.0, -1.0, 0.5, 80.0]), np.array([1.0, 0.0, 1.0, 0.0]))
    placed = {
        f"sample_{kind}_{network}": rounded(np.full(count, normal_share((MARK - mean) / 0.02)))
        for kind, mean, count in (("weights", 0.0, 8192), ("norms", 1.0, 1024))
        for network in "DG"
    }
    return {
        **placed,
        "marked": np.ones(2, bool),
        "calls": np.array(calls),
        "same_images": np.array(True),
        "repeats": np.array(False),
        "history": np.concatenate([adam_history(0), adam_history(1)], axis=1),
        "losses": np.array(losses),
        "loss": np.array(value),
    }


# --- find the bug -----------------------------------------------------------------------------


def buggy_step() -> dict[str, Array]:
    value, gradient = step_d(32000, images(32030), noise(32031), cross_entropy)
    left = [formula(32020 + i, shape) for i, shape in enumerate([(4, 3, 4, 4), (3,)])]
    return {
        "public": np.array(value),
        "steps": -0.5 * gradient,
        "kept": np.ones(3, bool),
        "left": rounded(joined(left)),
    }


def buggy_losses() -> dict[str, Array]:
    found = []
    for key, count, epoch, epochs in ((33020, 5, 1, 4), (33030, 3, 6, 7)):
        z = noise(key + 1, count)
        of_d, _ = step_d(33000, images(key, count), z, cross_entropy)
        of_g, _ = step_g(33000, z, cross_entropy)
        found.append([of_d, of_g, (epoch + 1) / epochs])
    return {"public": np.array(found)}


def buggy_mean_loss() -> dict[str, Array]:
    means = []
    for key, sizes in ((34000, (5, 5, 2)), (34010, (1, 6)), (34020, (3, 3, 3, 3))):
        every = np.concatenate([images(key + i, n) for i, n in enumerate(sizes)])
        means.append(np.mean((every + 1) ** 2))
    return {"public": np.array(means)}


def buggy_pictures() -> dict[str, Array]:
    pictures = np.moveaxis(rounded(formula(35000, (2, 3, 6, 4))), 1, 3) / 2 + 0.5
    return {"public": pictures, "shape": np.array(pictures.shape)}


# --- all of it --------------------------------------------------------------------------------


def answers() -> dict[str, Array]:
    """Return every answer that follows from arithmetic, by its key."""
    noise_shape, image_shape = (100, 1, 1), (3, 64, 64)
    groups = {
        "G_block": g_block_answers(),
        "D_block": d_block_answers(),
        "net_G": network(net_g, 23000, noise_shape, FEW, 3576704),
        "net_D": network(net_d, 24000, image_shape, FEW, 2765696),
        "faces_net_G": network(faces_net_g, 25000, noise_shape, FEW, 12658438),
        "faces_net_D": network(faces_net_d, 26000, image_shape, FEW, 430625),
        "init_weights": {"biases": np.array(0.0), "repeats": np.array(False)},
        "update_D": update(27000, True),
        "update_G": {k: v for k, v in update(28000, False).items() if k != "reached"},
        "train": train(),
        "buggy_block": buggy_block(),
        "buggy_step": buggy_step(),
        "buggy_losses": buggy_losses(),
        "buggy_mean_loss": buggy_mean_loss(),
        "buggy_pictures": buggy_pictures(),
    }
    groups["net_G_given_G_block"] = network(
        lambda w: net_g(w, other_g_block), 23000, noise_shape, FEW
    )
    groups["net_D_given_D_block"] = network(
        lambda w: net_d(w, other_d_block), 24000, image_shape, FEW
    )
    groups["faces_net_G_given_G_block"] = network(
        lambda w: faces_net_g(w, other_g_block), 25000, noise_shape, FEW
    )
    return {
        f"{name}/{key}": array for name, group in groups.items() for key, array in group.items()
    }

"""Derive the stored answers of `dcgan` again, in NumPy float64, without PyTorch.

Nothing here is shared with the probes or with the solution: the networks, the running statistics of
BatchNorm, the losses and their gradients, the steps and Adam are written again from their definitions.
Weights and inputs come from the same formula, written a second time in `gan_pytorch`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tests.oracles.dcgan_networks import (
    BATCH,
    FEW,
    buggy_block,
    d_block_answers,
    faces_net_d,
    faces_net_g,
    g_block_answers,
    net_d,
    net_g,
    network,
    other_d_block,
    other_g_block,
)
from tests.oracles.gan_pytorch import formula, rounded
from tests.oracles.layers import (
    Array,
    Layer,
    batch_norm,
    convolution,
    leaky_relu,
    run,
    tanh,
    transposed_convolution,
)

RANDOM = (  # judged by their distributions
    *("init_weights/sample_convolution", "init_weights/sample_transposed"),
    *("init_weights/sample_norm", "train/sample_noise"),
)
NOTHING = np.zeros(0, np.uint8)  # an empty text


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
    """Convolution 3x3, BatchNorm, LeakyReLU(0.2), convolution 2x2, with biases."""
    a, b, scale, shift, c, d = (
        rounded(formula(key + i, shape, 0.5))
        for i, shape in enumerate([(2, 3, 3, 3), (2,), (2,), (2,), (1, 2, 2, 2), (1,)])
    )
    return [convolution(a, b), batch_norm(scale, shift), leaky_relu(0.2), convolution(c, d)]


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
    found = {
        "kept": np.ones(3, bool),
        "reached": np.array(not of_discriminator),
        "arrived": np.array(not of_discriminator),
        "taken": np.array(2),
        "returned": NOTHING,
    }
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

SIZES, EPOCHS, RATE = (32, 32, 32, 32, 32, 11), 3, 0.007
SHAPES = (  # of the parameters of the networks that are trained
    ((1024, 3, 4, 4), (1024,), (1024,), (1, 1024, 4, 4)),
    ((10, 1024, 4, 4), (1024,), (1024,), (1024, 3, 4, 4)),
)
MARK = 0.25  # what init_weights leaves in every parameter here


def adam_moves(who: int) -> Array:
    """Return how far 16 numbers of each parameter go in each step of Adam."""
    turns = EPOCHS * len(SIZES)
    first = second = np.zeros(16 * 4)
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
        history.append(-RATE * mean / (np.sqrt(spread) + 1e-8))
    return np.stack(history)


def normal_share(z: float) -> float:
    """Return how much of the standard normal distribution lies below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def train() -> dict[str, Array]:
    calls = [[who, n, 10, 1, 1] for n in SIZES * EPOCHS for who in (0, 1)]
    places = [[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, -1]] * (EPOCHS * len(SIZES))
    losses, again = [], []
    for who in (0, 1):
        each = [
            float(rounded(formula(29000 + 50 * who + turn, (1,), 0.5, 1.0))[0])
            for turn in range(EPOCHS * len(SIZES))
        ]
        epochs = np.array(each).reshape(EPOCHS, len(SIZES))
        losses.append(epochs @ np.array(SIZES) / sum(SIZES))
        again.append(epochs @ np.array(SIZES) ** 2 / sum(SIZES))
    scores = np.array([-60.0, -1.0, 0.5, 80.0]) * (1 + formula(29950, (4,)) / 5)
    targets = np.array([1.0, 0.0, 1.0, 0.0])
    value, _ = cross_entropy(scores, targets)
    each = [cross_entropy(scores[i : i + 1], targets[i : i + 1])[0] for i in range(4)]
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
        "places": np.array(places),
        "repeats": np.array(False),
        "alike": np.array(False),
        "moves_D": adam_moves(0),
        "moves_G": adam_moves(1),
        "losses": np.array(losses),
        "again": np.array(again),
        "returned": NOTHING,
        "short_error": NOTHING,
        "together_error": NOTHING,
        "loss": np.array(value),
        "each": np.array(each),
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
        "net_G": network(net_g, 23075, noise_shape, FEW, 3576704),
        "net_D": network(net_d, 24000, image_shape, FEW, 2765696),
        "faces_net_G": network(faces_net_g, 25423, noise_shape, FEW, 12658438),
        "faces_net_D": network(faces_net_d, 26003, image_shape, FEW, 430625),
        "init_weights": {
            "biases": np.array(0.0),
            "repeats": np.array(False),
            "deviation_convolutions": np.full(2, 0.02),
            "deviation_norm": np.array(0.02),
            "left_convolutions": np.zeros(2, bool),
            "left_norm": np.zeros(2, bool),
            "others": np.ones(2, bool),
        },
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
        lambda w: net_g(w, other_g_block), 23075, noise_shape, FEW
    )
    groups["net_D_given_D_block"] = network(
        lambda w: net_d(w, other_d_block), 24000, image_shape, FEW
    )
    groups["faces_net_G_given_G_block"] = network(
        lambda w: faces_net_g(w, other_g_block), 25423, noise_shape, FEW
    )
    return {
        f"{name}/{key}": array for name, group in groups.items() for key, array in group.items()
    }

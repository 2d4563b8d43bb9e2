"""Derive the stored answers of `gaussian_gan` again, in NumPy float64, without PyTorch.

Nothing here is shared with the probes or with the solution: networks, losses, gradients, one step of
each player and Adam are written again from their definitions. What is drawn at random (keys that
begin with "sample") has no closed form and is not here.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.oracles.gan_pytorch import Weights, formula, rounded, shadow
from tests.oracles.layers import Array, Layer, linear, run, tanh

BATCH = 8
D_SIZES, G_SIZES = (2, 5, 3, 1), (2, 2)


class Player:
    """Linear layers with Tanh between them, their parameters by formula, and how they learn."""

    def __init__(self, sizes: tuple[int, ...], key: int) -> None:
        weights = Weights(key)
        self.sizes = sizes
        self.values: list[Array] = []
        for inputs, outputs in pairwise(sizes):
            self.values += [weights.matrix(outputs, inputs), weights.take((outputs,), 0.25)]
        self.first = [np.zeros_like(v) for v in self.values]
        self.second = [np.zeros_like(v) for v in self.values]
        self.steps = 0

    def layers(self) -> list[Layer]:
        """Return the layers with the parameters as they are now."""
        found: list[Layer] = []
        for weight, bias in zip(self.values[::2], self.values[1::2]):
            found += [linear(weight, bias), tanh]
        return found[:-1]

    def flat(self) -> Array:
        return np.concatenate([v.reshape(-1) for v in self.values])

    def adam(self, gradients: list[Array], rate: float) -> None:
        """Take one step (Kingma and Ba, 2015) with PyTorch's betas and epsilon."""
        self.steps += 1
        for i, gradient in enumerate(gradients):
            self.first[i] = 0.9 * self.first[i] + 0.1 * gradient
            self.second[i] = 0.999 * self.second[i] + 0.001 * gradient**2
            mean = self.first[i] / (1 - 0.9**self.steps)
            square = self.second[i] / (1 - 0.999**self.steps)
            self.values[i] = self.values[i] - rate * mean / (np.sqrt(square) + 1e-8)


# --- networks ---------------------------------------------------------------------------------


def network(sizes: tuple[int, ...], key: int) -> dict[str, Array]:
    """Return a network's answers: outputs, and shadows of all gradients."""
    player = Player(sizes, key + 1)
    public, _ = run(player.layers(), rounded(formula(key, (BATCH, 2), 2.0)))
    hidden, backward = run(player.layers(), rounded(formula(key + 100, (BATCH, 2), 2.0)))
    dx, gradients = backward(rounded(formula(key + 200, hidden.shape)))
    player.values = [4 * value for value in player.values]
    loud, _ = run(player.layers(), rounded(formula(key, (BATCH, 2), 2.0)))
    return {
        "loud": loud,
        "shape": np.array(hidden.shape),
        "input_shape": np.array([2]),
        "batch_bound": np.array(False),
        "weight_shapes": np.array([[*v.shape, 0, 0, 0][:4] for v in player.values]),
        "parameters": np.array(sum(v.size for v in player.values)),
        "public": public,
        "hidden": hidden,
        "gradients": np.stack([shadow(g, key + 300) for g in gradients]),
        "input_gradient": shadow(dx, key + 400),
        "fresh": np.array(True),
        "together": letters(""),
    }


def letters(text: str) -> Array:
    """Return a text's bytes."""
    return np.frombuffer(text.encode(), np.uint8)


# --- one step of each player ------------------------------------------------------------------


def cross_entropy(scores: Array, label: float) -> tuple[float, Array]:
    """Return the mean binary cross-entropy of logits, and its gradient."""
    value = np.mean(np.logaddexp(0, scores) - label * scores)
    return float(value), (1 / (1 + np.exp(-scores)) - label) / scores.size


def squares(scores: Array, label: float) -> tuple[float, Array]:
    """Return the mean squared distance, and its gradient."""
    return float(np.mean((scores - label) ** 2)), 2 * (scores - label) / scores.size


def of_discriminator(D: Player, G: Player, X: Array, Z: Array, loss=cross_entropy):
    """Return the discriminator's loss and gradients: the mean of a real and a generated half."""
    fake, _ = run(G.layers(), Z)
    value, total = 0.0, [np.zeros_like(v) for v in D.values]
    for points, label in ((X, 1.0), (fake, 0.0)):
        scores, backward = run(D.layers(), points)
        half, slope = loss(scores, label)
        value += half / 2
        total = [t + g / 2 for t, g in zip(total, backward(slope)[1])]
    return value, total


def of_generator(D: Player, G: Player, Z: Array, loss=cross_entropy):
    """Return the generator's loss and gradients: its points are to be scored as real."""
    fake, back_to_noise = run(G.layers(), Z)
    scores, back_to_points = run(D.layers(), fake)
    value, slope = loss(scores, 1.0)
    return value, back_to_noise(back_to_points(slope)[0])[1]


def step(gradients: list[Array]) -> Array:
    """Return the step of gradient descent with learning rate 1."""
    return -np.concatenate([g.reshape(-1) for g in gradients])


def update_D() -> dict[str, Array]:
    X, Z = (rounded(formula(3000 + i, (BATCH, 2), 2.0)) for i in range(2))
    value, gradients = of_discriminator(Player(D_SIZES, 3010), Player(G_SIZES, 3020), X, Z)
    _, second = of_discriminator(Player(D_SIZES, 3110), Player(G_SIZES, 3120), X, Z)
    other = Player((3, 4, 1), 3210), Player((4, 3), 3220)
    X, Z = (rounded(formula(3200 + i, (5, n), 2.0)) for i, n in enumerate((3, 4)))
    return {
        **judged(value, gradients, second, of_discriminator(*other, X, Z, squares)[1]),
        "moved": np.zeros(6),  # the generator's parameters
        "gradient": np.array(False),
        "order": letters(""),
    }


def update_G() -> dict[str, Array]:
    Z = rounded(formula(4001, (BATCH, 2), 2.0))
    value, gradients = of_generator(Player(D_SIZES, 4010), Player(G_SIZES, 4020), Z)
    _, second = of_generator(Player(D_SIZES, 4110), Player(G_SIZES, 4120), Z)
    other = Player((3, 4, 1), 4210), Player((4, 3), 4220)
    Z = rounded(formula(4201, (5, 4), 2.0))
    steps = judged(value, gradients, second, of_generator(*other, Z, squares)[1])
    return {**steps, "moved": np.zeros(37), "order": letters("")}


def judged(value: float, *gradients: list[Array]) -> dict[str, Array]:
    """Name a value and three steps as the answers do."""
    names = ("step", "second_step", "other_step")
    return {
        "value": np.array(value),
        **{name: step(one) for name, one in zip(names, gradients)},
        "kind": letters("one number"),
        "other_step_failed": letters(""),
        "trainable": np.array(True),
        "own_gradient": np.array(True),
        "reached": np.array(True),
        "changed": np.array(False),
    }


# --- training ---------------------------------------------------------------------------------

RATES = {"d": 0.03, "g": 0.01}


def train() -> dict[str, Array]:
    """Return three epochs of five minibatches from given weights, and what chance has no part in."""
    D, G = Player(D_SIZES, 6000), Player(G_SIZES, 6010)
    history = {"d": [D.flat()], "g": [G.flat()]}
    losses = []
    for number in range(15):
        X = rounded(formula(6020 + number % 5, (BATCH, 2), 2.0))
        Z = rounded(formula(6040 + number, (BATCH, 2), 2.0))
        loss_D, gradients = of_discriminator(D, G, X, Z)
        D.adam(gradients, RATES["d"])
        loss_G, gradients = of_generator(D, G, Z)
        G.adam(gradients, RATES["g"])
        losses.append((loss_D, loss_G))
        history["d"].append(D.flat())
        history["g"].append(G.flat())
    means = np.array(losses).reshape(3, 5, 2).mean(1)
    steps = {name: np.diff(history[name], axis=0) / RATES[name] for name in "dg"}
    return {
        **{f"steps_{name}": steps[name] for name in "dg"},
        **{f"first_step_{name}": steps[name][:1] for name in "dg"},
        "losses_d": means[:, 0],
        "losses_g": means[:, 1],
        **{f"zero_biases_{name}": np.array(True) for name in "dg"},
        **{f"total_{name}": steps[name].sum(0) for name in "dg"},
        **{f"kept_{name}": np.array(False) for name in "dg"},
        # 70 + 120 + 1 of them, or one more, each in the middle of the distribution
        "biases_d": np.full(191, 0.5),
        "biases_g": np.full(192, 0.5),
        "passes": np.array(15),
        "calls": np.array([15, 15]),
        "loss": np.array([np.mean(np.log1p(np.exp([-0.3, 0.6]))), 1.0]),
        "returned": letters("a tuple of 2"),
        "misplaced": letters(""),
        "order": letters(""),
        "repeats": np.array(False),
        "noise_shapes": np.array([[[6, 5], [6, 5], [4, 5]]] * 2, dtype=np.float64),
        "noise_shapes_failed": letters(""),
    }


def answers() -> dict[str, Array]:
    """Return every answer that follows from arithmetic, by its key."""
    groups = {
        "net_G": network(G_SIZES, 1000),
        "net_D": network(D_SIZES, 2000),
        "update_D": update_D(),
        "update_G": update_G(),
        "train": train(),
        "train_given_updates": train(),
    }
    return {
        f"{name}/{key}": array for name, group in groups.items() for key, array in group.items()
    }

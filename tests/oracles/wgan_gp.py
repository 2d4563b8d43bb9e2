"""Derive the stored answers of `wgan_gp` again, in NumPy float64, without PyTorch.

Nothing here is shared with the probes or with the solution. A critic has one hidden layer of Tanh, or
none, so that the gradient of its gradient's length can be written down. What is drawn at random (keys
that begin with "sample") is not here.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.oracles.gan_pytorch import formula, rounded
from tests.oracles.gaussian_gan import letters, step
from tests.oracles.layers import Array, Layer, linear, run, tanh

BATCH, WIDE, STEEP = 8, 3.0, 1.6
CRITIC, GENERATOR = (6, 5, 1), (3, 4, 6)
OTHER_CRITIC, OTHER_GENERATOR = (4, 7, 1), (2, 4)


def images(key: int, *shape: int) -> Array:
    return rounded(formula(key, shape, WIDE))


def numbers(key: int, *shape: int) -> Array:
    return rounded(formula(key, shape))


def shares(key: int, count: int) -> Array:
    return rounded(formula(key, (count, 1), 0.5, 0.5))


def parameters(sizes: tuple[int, ...], key: int) -> list[Array]:
    """Return weights and biases of linear layers, by formula; a last layer of one unit is steep."""
    found: list[Array] = []
    for inputs, outputs in pairwise(sizes):
        steep = STEEP if outputs == 1 else 1.0
        bound = np.sqrt(6 / (inputs + outputs)) * steep
        found.append(rounded(formula(key + len(found), (outputs, inputs), bound)))
        found.append(rounded(formula(key + len(found), (outputs,), 0.25)))
    return found


def layers(values: list[Array]) -> list[Layer]:
    found: list[Layer] = []
    for weight, bias in zip(values[::2], values[1::2]):
        found += [linear(weight, bias), tanh]
    return found[:-1]


def flat(arrays: list[Array]) -> Array:
    return np.concatenate([np.asarray(a).reshape(-1) for a in arrays])


# --- the penalty ------------------------------------------------------------------------------


def penalty(
    critic: list[Array], real: Array, fake: Array, share: Array
) -> tuple[float, list[Array]]:
    """Return the penalty and its gradient for the critic's parameters.

    With s = w tanh(v x + b) + c, t = tanh(v x + b) and u = w (1 - t^2), the slope is g = u v. Backwards
    from dg, with a = v x + b: du = dg v^T, dv = u^T dg + da^T x, dw = du (1 - t^2), and
    da = -2 w t (1 - t^2) du.
    """
    x = share * real + (1 - share) * fake
    if len(critic) == 2:  # a linear critic: its slope is its weight
        weight = critic[0]
        length = np.sqrt((weight**2).sum())
        return float((length - 1) ** 2), [2 * (length - 1) * weight / length, np.zeros(1)]
    v, b, w, c = critic
    t = np.tanh(x @ v.T + b)
    flatness = 1 - t**2
    u = w * flatness
    slope = u @ v
    length = np.sqrt((slope**2).sum(1, keepdims=True))
    dg = 2 * (length - 1) / length * slope / len(x)
    du = dg @ v.T
    da = -2 * w * t * flatness * du
    gradients = [u.T @ dg + da.T @ x, da.sum(0), (du * flatness).sum(0, keepdims=True)]
    return float(((length - 1) ** 2).mean()), [*gradients, np.zeros_like(c)]


def gradient_penalty() -> dict[str, Array]:
    def asked(key: int, sizes: tuple[int, ...], count: int) -> tuple[float, list[Array]]:
        real, fake = (images(key + i, count, sizes[0]) for i in range(2))
        return penalty(parameters(sizes, key + 10), real, fake, shares(key + 2, count))

    value, gradients = asked(3000, CRITIC, BATCH)
    return {
        "public": np.array(value),
        "gradients": flat(gradients),
        "kept": np.array(True),
        "changed": np.array(False),
        "touched": np.array(False),
        "hidden": np.array(asked(3200, OTHER_CRITIC, BATCH - 3)[0]),
        "hidden_failed": letters(""),
    }


# --- losses and the optimizer -------------------------------------------------------------------


def losses(key: int, signs: tuple[int, ...]) -> dict[str, Array]:
    """Return what a sum of mean scores with these signs is, and its gradients."""

    def value(place: int) -> float:
        scores = (rounded(formula(place + i, (BATCH, 1), 3.0)) for i in range(len(signs)))
        return sum(sign * s.mean() for sign, s in zip(signs, scores))

    return {
        "public": np.array(value(key)),
        "hidden": np.array(value(key + 100)),
        "gradients": np.repeat(signs, BATCH) / BATCH,
        "changed": np.array(False),
    }


def history() -> Array:
    """Return parameters before and after each of six steps of Adam with the betas 0 and 0.9."""
    before = parameters((3, 2, 2), 4000)
    values, second = flat(before), np.zeros(sum(v.size for v in before))
    found = [values]
    for number in range(6):
        gradient = flat(
            [
                rounded(
                    formula(4100 + 20 * number + i, v.shape)
                    * (0.0 if i == 1 else (0.1, 1.0, 10.0)[number % 3])
                )
                for i, v in enumerate(before)
            ]
        )
        second = 0.9 * second + 0.1 * gradient**2
        size = np.sqrt(second / (1 - 0.9 ** (number + 1)))
        values = values - 1e-4 * gradient / (size + 1e-8)
        found.append(values)
    return np.stack(found)


# --- one step of each player ------------------------------------------------------------------


def of_critic(
    critic: list[Array],
    generator: list[Array],
    real: Array,
    noise: Array,
    share: Array,
    weight=10.0,
) -> tuple[float, list[Array]]:
    """Return the critic's whole loss, and its gradients."""
    fake, _ = run(layers(generator), noise)
    value, gradients = penalty(critic, real, fake, share)
    total, whole = weight * value, [weight * g for g in gradients]
    for points, sign in ((fake, 1.0), (real, -1.0)):
        scores, backward = run(layers(critic), points)
        total += sign * scores.mean()
        slope = np.full(scores.shape, sign / len(scores))
        whole = [w + g for w, g in zip(whole, backward(slope)[1])]
    return total, whole


def of_generator(
    critic: list[Array], generator: list[Array], noise: Array
) -> tuple[float, list[Array]]:
    """Return the generator's loss, and its gradients."""
    fake, to_noise = run(layers(generator), noise)
    scores, to_images = run(layers(critic), fake)
    slope = np.full(scores.shape, -1 / len(scores))
    return float(-scores.mean()), to_noise(to_images(slope)[0])[1]


def update_critic() -> dict[str, Array]:
    def asked(key: int, sizes, count: int, weight: float, data: int | None = None):
        place = key if data is None else data
        given = images(place, count, sizes[0][0]), images(place + 1, count, sizes[1][0])
        networks = parameters(sizes[0], key + 10), parameters(sizes[1], key + 20)
        return of_critic(*networks, *given, shares(place + 2, count), weight)

    value, gradients = asked(5000, (CRITIC, GENERATOR), BATCH, 10.0)
    _, second = asked(5100, (CRITIC, GENERATOR), BATCH, 10.0, 5000)
    _, other = asked(5200, (OTHER_CRITIC, OTHER_GENERATOR), BATCH - 3, 3.0)
    moved = np.zeros(flat(parameters(GENERATOR, 0)).size)
    return {**judged(value, gradients, second, other), "moved": moved, "gradient": np.array(False)}


def update_generator() -> dict[str, Array]:
    def asked(key: int, sizes, count: int, data: int | None = None):
        noise = images((key if data is None else data) + 1, count, sizes[1][0])
        networks = parameters(sizes[0], key + 10), parameters(sizes[1], key + 20)
        return of_generator(*networks, noise)

    value, gradients = asked(6000, (CRITIC, GENERATOR), BATCH)
    _, second = asked(6100, (CRITIC, GENERATOR), BATCH, 6000)
    _, other = asked(6200, (OTHER_CRITIC, OTHER_GENERATOR), BATCH - 3)
    moved = np.zeros(flat(parameters(CRITIC, 0)).size)
    return {**judged(value, gradients, second, other), "moved": moved}


def judged(value: float, *gradients: list[Array]) -> dict[str, Array]:
    """Name a value and three steps as the answers do."""
    names = ("step", "second_step", "other_step")
    return {
        "value": np.array(value),
        **{name: step(one) for name, one in zip(names, gradients)},
        "other_step_failed": letters(""),
        "trainable": np.array(True),
        "own_gradient": np.array(True),
        "reached": np.array(True),
        "changed": np.array(False),
    }


# --- both, n_critic to one --------------------------------------------------------------------

PIXELS, NOISE = 4, 3


def train_round(key: int, count: int, n_critic: int) -> tuple[list[Array], Array, list[float]]:
    """Return the critic's steps, the generator's step, and the last two losses."""
    critic, generator = parameters((PIXELS, 1), key + 10), parameters((NOISE, PIXELS), key)
    steps = []
    for number in range(n_critic):
        real, noise = (
            numbers(key + 60 + number, count, PIXELS),
            numbers(key + 40 + number, count, NOISE),
        )
        last, gradients = of_critic(critic, generator, real, noise, np.full((count, 1), 0.5))
        critic = [p - 0.02 * g for p, g in zip(critic, gradients)]
        steps.append(-0.02 * flat(gradients))
    value, gradients = of_generator(critic, generator, numbers(key + 40 + n_critic, count, NOISE))
    return steps, -0.1 * flat(gradients), [last, value]


def train_step() -> dict[str, Array]:
    steps, move, pair = train_round(7000, 100, 5)
    others, other_move, _ = train_round(7200, 97, 2)
    return {
        "critic_steps": flat(steps),
        "generator_steps": move,
        "order": letters("cccccg"),
        "taken": np.array(5),
        "losses": np.array(pair),
        "noise_shapes": np.array([[100, NOISE]]),
        "repeats": np.array(False),
        "elsewhere": np.array(False),
        "other_steps": flat([*others, other_move]),
        "other_steps_failed": letters(""),
    }


def answers() -> dict[str, Array]:
    """Return every answer that follows from arithmetic, by its key."""
    groups = {
        "critic_loss": losses(1000, (-1, 1)),
        "generator_loss": losses(2000, (-1,)),
        "gradient_penalty": gradient_penalty(),
        "get_optimizer": {"history": history()},
        "update_critic": update_critic(),
        "update_critic_given_critic_loss_and_gradient_penalty": update_critic(),
        "update_generator": update_generator(),
        "update_generator_given_generator_loss": update_generator(),
        "train_step": train_step(),
        "train_step_given_update_critic_and_update_generator": train_step(),
    }
    return {
        f"{name}/{key}": array for name, group in groups.items() for key, array in group.items()
    }

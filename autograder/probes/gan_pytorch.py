"""Ask a `gan_pytorch.py` what it computes. Runs in the worker; imports `autograder.probing` only.

Every probe is a function ``probe_<name>(student)`` that calls the student's functions and returns
named arrays. It judges nothing: the suite does, where the answers are.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.probing.formula import as_tensor, formula
from autograder.probing.losses import ask_loss, value_or_nan
from autograder.probing.networks import BATCH, ask_network
from autograder.probing.values import Slip, agree, array_from, parameter_names, snapshot

NOISE_DIM = 4  # for which the parameter counts are published
BEGINNING = 32  # numbers of a draw; two that agree in all of them are the same draw
DRAWS = (500, 40)  # noise: 20000 numbers, enough for bounds that see a wrong spread
LOSS_BATCH = 128
IMAGES = ((1, 28, 28), (784,))  # the shapes of one image that a network may take


# --- noise ------------------------------------------------------------------------------------


def probe_sample_noise(student: Any) -> dict[str, Any]:
    """Draw noise: one big sample, its shape for another size, two calls, two seeded calls."""
    draw = student.sample_noise
    torch.manual_seed(1)
    first = array_from(draw(*DRAWS), "sample_noise")
    second = array_from(draw(*DRAWS), "sample_noise")
    small = array_from(draw(3, 5), "sample_noise")
    arrays: dict[str, Any] = {
        "sample": first,
        "small": small,
        "repeats": agree(first, second),
        "sample_draws": _beginnings(first, second),
    }
    return {**arrays, **_seeded(draw)}


def _beginnings(*draws: np.ndarray) -> np.ndarray:
    """Return the first numbers of each draw, a row each: they bear out what flags say of the draws."""
    return np.stack([np.resize(draw, (BEGINNING,)) for draw in draws])


def _seeded(draw: Callable[..., Any]) -> dict[str, Any]:
    """Tell whether equal seeds give equal noise and different ones other noise.

    Nothing where the function takes no seed: 37 of 215 public submissions do without.
    """
    names = parameter_names(draw)
    known = [name for name in names if "seed" in name.lower()]
    if not known and "**" not in names:
        return {}
    keyword = known[0] if known else "seed"
    one, two, other = (
        array_from(draw(4, 8, **{keyword: seed}), "sample_noise") for seed in (5, 5, 6)
    )
    same = np.array([agree(one, two), agree(one, other)])
    if not known and not same[0]:
        return {}  # a seed that ** swallows is no promise
    return {"seeded": same, "sample_seeded": _beginnings(one, two, other)}


# --- networks ---------------------------------------------------------------------------------


def images(key: int) -> np.ndarray:
    return formula(key, (BATCH, 784))


def noise(key: int) -> np.ndarray:
    return formula(key, (BATCH, NOISE_DIM))


def probe_discriminator(student: Any) -> dict[str, Any]:
    return ask_network(lambda batch: student.discriminator(), "discriminator", images, 1000, IMAGES)


def probe_generator(student: Any) -> dict[str, Any]:
    return ask_network(lambda batch: student.generator(NOISE_DIM), "generator", noise, 2000)


def probe_build_dc_classifier(student: Any) -> dict[str, Any]:
    function = student.build_dc_classifier
    names = parameter_names(function)
    sized = [name for name in names if "seed" not in name.lower() and name != "**"]
    build = (lambda batch: function(batch)) if sized else (lambda batch: function())
    # With this key some scores are positive and some negative, so that an activation shows; and no
    # two numbers of which a pooling takes the larger are as near to each other as rounding moves them.
    return ask_network(build, "build_dc_classifier", images, 3105, IMAGES)


def probe_build_dc_generator(student: Any) -> dict[str, Any]:
    # With this key no activation lies so near to a ReLU's kink that rounding could move it across:
    # the smallest is 3e-5 of their size, thirty times float32's error.
    return ask_network(
        lambda batch: student.build_dc_generator(NOISE_DIM), "build_dc_generator", noise, 4068
    )


# --- losses -----------------------------------------------------------------------------------


def scores(key: int, size: int = LOSS_BATCH) -> np.ndarray:
    """Return scores as a network returns them, (N, 1), between -3 and 3."""
    return 3 * formula(key, (size, 1))


def extreme_scores(key: int) -> np.ndarray:
    """Return scores whose sigmoid is 0 or 1 in float32: -100, -40, 40 and 100, mixed."""
    row = np.array([-100.0, -40.0, 40.0, 100.0])
    return row[(2 * formula(key, (LOSS_BATCH, 1)) + 2).astype(int)]


def ask_score_loss(loss: Callable[..., Any], name: str, key: int, count: int) -> dict[str, Any]:
    """Ask a loss of `count` score tensors: moderate, extreme, and what the interface leaves open."""
    keys = range(key, key + count)
    arrays: dict[str, Any] = {}
    public = ask_loss(loss, name, *(scores(k + 50) for k in keys))
    arrays["public"] = public["value"]
    for case, values in (("moderate", scores), ("extreme", extreme_scores)):
        for field, array in ask_loss(loss, name, *(values(k) for k in keys)).items():
            arrays[f"{case}_{field}"] = array
    arrays["flat"] = value_or_nan(loss, name, *(scores(k).reshape(-1) for k in keys))
    sizes = (LOSS_BATCH, LOSS_BATCH // 2)
    if count == 2:
        unequal = (scores(k, n) for k, n in zip(keys, sizes))
        arrays["unequal"] = value_or_nan(loss, name, *unequal)
    return arrays


def targets(key: int) -> np.ndarray:
    return (formula(key, (LOSS_BATCH, 1)) > 0).astype(np.float64)


def probe_bce_loss(student: Any) -> dict[str, Any]:
    loss = student.bce_loss

    def of_scores(target: np.ndarray) -> Callable[[torch.Tensor], Any]:
        return lambda s: loss(s, as_tensor(target))

    arrays: dict[str, Any] = {}
    arrays["public"] = ask_loss(of_scores(targets(5150)), "bce_loss", scores(5050))["value"]
    for case, values in (("moderate", scores), ("extreme", extreme_scores)):
        answer = ask_loss(of_scores(targets(5100)), "bce_loss", values(5000))
        arrays |= {f"{case}_{field}": array for field, array in answer.items()}
    flat = scores(5000).reshape(-1), targets(5100).reshape(-1)
    arrays["flat"] = value_or_nan(loss, "bce_loss", *flat)
    return arrays


def given_bce_loss(scores: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Compute a right loss that takes whatever broadcasts, as the students' own usually does."""
    return (nn.functional.softplus(scores) - target * scores).mean()


def probe_discriminator_loss(student: Any) -> dict[str, Any]:
    return ask_score_loss(student.discriminator_loss, "discriminator_loss", 6000, 2)


def probe_discriminator_loss_given_bce(student: Any) -> dict[str, Any]:
    """Ask again with a right bce_loss, so that a wrong one costs its own checks alone."""
    with student.replaced("bce_loss", given_bce_loss):
        return probe_discriminator_loss(student)


def probe_generator_loss(student: Any) -> dict[str, Any]:
    return ask_score_loss(student.generator_loss, "generator_loss", 7000, 1)


def probe_generator_loss_given_bce(student: Any) -> dict[str, Any]:
    with student.replaced("bce_loss", given_bce_loss):
        return probe_generator_loss(student)


def probe_ls_discriminator_loss(student: Any) -> dict[str, Any]:
    return ask_score_loss(student.ls_discriminator_loss, "ls_discriminator_loss", 8000, 2)


def probe_ls_generator_loss(student: Any) -> dict[str, Any]:
    return ask_score_loss(student.ls_generator_loss, "ls_generator_loss", 9000, 1)


# --- optimizer --------------------------------------------------------------------------------


def probe_get_optimizer(student: Any) -> dict[str, Any]:
    """Take steps with known gradients; return every parameter after each step.

    The gradients change size and sign from step to step, and vanish in one parameter, so that the
    learning rate, both betas and any weight decay leave their traces.
    """
    model = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2), nn.BatchNorm1d(2))
    parameters = list(model.parameters())
    with torch.no_grad():
        for position, parameter in enumerate(parameters):
            parameter.copy_(as_tensor(formula(10000 + position, tuple(parameter.shape))))
    optimizer = student.get_optimizer(model)
    if optimizer is None:
        raise Slip("get_optimizer: returned None; is a `return` missing?")
    if not callable(getattr(optimizer, "step", None)):
        raise Slip(f"get_optimizer: returned {type(optimizer).__name__}; expected an optimizer")
    history = [snapshot(parameters)]
    for step in range(6):
        for position, parameter in enumerate(parameters):
            gradient = formula(11000 + 20 * step + position, tuple(parameter.shape))
            scale = 0.0 if position == 1 else 10.0 ** (step % 3 - 1)
            parameter.grad = as_tensor(gradient * scale)
        optimizer.step()
        history.append(snapshot(parameters))
    return {"history": np.stack(history)}

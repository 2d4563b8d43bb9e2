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
from autograder.probing.values import (
    Slip,
    agree,
    array_from,
    called,
    default_of,
    parameter_names,
    snapshot,
    taking,
)

NOISE_DIM = 4  # for which the parameter counts are published
BEGINNING = 32  # numbers of a draw; two that agree in all of them are the same draw
DRAWS = (500, 40)  # noise: 20000 numbers, enough for bounds that see a wrong spread
LOSS_BATCH = 128
# The shapes of one image: the training loop passes the first; a network that takes the second alone is
# asked with it, so that the suite can say so.
IMAGES = ((1, 28, 28), (784,))
LOUDER = (2.0**-5, 2.0**5)  # a generator's activations are small, and its Tanh is not to saturate
LOSSES = ("discriminator_loss", "generator_loss", "ls_discriminator_loss", "ls_generator_loss")


# --- noise ------------------------------------------------------------------------------------


def probe_sample_noise(student: Any) -> dict[str, Any]:
    """Draw noise: one big sample, its shape for another size, two calls, two seeded calls."""
    function = student.sample_noise

    def draw(*sizes: int) -> np.ndarray:
        call = f"sample_noise({sizes[0]}, {sizes[1]})"
        return array_from(called(function, call, *sizes), "sample_noise")

    torch.manual_seed(1)
    first = draw(*DRAWS)
    reseeded = torch.initial_seed() != 1
    second = draw(*DRAWS)
    small = draw(3, 5)
    arrays: dict[str, Any] = {
        "sample": first,
        "small": small,
        "repeats": agree(first, second),
        "sample_draws": _beginnings(first, second),
        "pattern": _pattern(first),
        "source": np.array([_ordered(first), reseeded]),
    }
    return {**arrays, **_seeded(function)}


def _pattern(draw: np.ndarray) -> np.ndarray:
    """Tell whether all rows are the same, whether each is one number, and whether few numbers occur.

    Samples that repeat numbers differ in nothing else that is certain: their spread is alike.
    """
    rows = draw.reshape(len(draw), -1) if draw.ndim and draw.size else np.zeros((1, 1))
    few = len(np.unique(rows.reshape(-1)[:1000])) <= 100
    return np.array([(rows == rows[:1]).all(), (rows == rows[:, :1]).all(), few])


def _ordered(draw: np.ndarray) -> bool:
    """Tell whether no number of a draw is smaller than the one before it."""
    numbers = draw.reshape(-1)
    return bool((numbers[1:] >= numbers[:-1]).all())


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
    call = "discriminator()"
    arrays = ask_network(
        lambda batch: called(student.discriminator, call),
        "discriminator",
        images,
        1000,
        IMAGES,
        drawn=True,
        built=call,
    )
    return arrays | _refused(student, arrays["shape"])


def probe_generator(student: Any) -> dict[str, Any]:
    call = f"generator({NOISE_DIM})"
    arrays = ask_network(
        lambda batch: called(student.generator, call, NOISE_DIM),
        "generator",
        noise,
        2000,
        louder=LOUDER,
        built=f"{call}, where {NOISE_DIM} is the length of a noise vector",
    )
    return arrays | default_of(student.generator)


def probe_build_dc_classifier(student: Any) -> dict[str, Any]:
    function = student.build_dc_classifier
    names = parameter_names(function)
    sized = [name for name in names if "seed" not in name.lower() and name != "**"]

    def build(batch: int) -> Any:
        sizes = [batch] if sized else []
        return called(function, f"build_dc_classifier({', '.join(map(str, sizes))})", *sizes)

    # With this key some scores are positive and some negative, so that an activation shows; and no
    # two numbers of which a pooling takes the larger are as near to each other as rounding moves them.
    arrays = ask_network(build, "build_dc_classifier", images, 3105, IMAGES, drawn=True)
    assumed = default_of(function) if sized else {}
    return arrays | assumed | _refused(student, arrays["shape"])


def probe_build_dc_generator(student: Any) -> dict[str, Any]:
    call = f"build_dc_generator({NOISE_DIM})"
    # With this key no activation lies so near to a ReLU's kink that rounding could move it across:
    # the smallest is 3e-5 of their size, thirty times float32's error.
    arrays = ask_network(
        lambda batch: called(student.build_dc_generator, call, NOISE_DIM),
        "build_dc_generator",
        noise,
        4068,
        louder=LOUDER,
        built=f"{call}, where {NOISE_DIM} is the length of a noise vector",
    )
    return arrays | default_of(student.build_dc_generator)


def _refused(student: Any, shape: np.ndarray) -> dict[str, Any]:
    """Tell which of the student's own losses cannot use scores in the shape that a network returns.

    Nothing where the shape is the described one, or where there is more than one score for an image.
    """
    inner = tuple(int(n) for n in shape[1:])
    if inner == (1,) or int(np.prod(inner)) != 1:
        return {}
    column = scores(5000)
    found = []
    for name in LOSSES:
        count = 2 if "discriminator" in name else 1

        def loss(*given: torch.Tensor, name: str = name) -> Any:
            return getattr(student, name)(*given)

        right = value_or_nan(loss, name, *[column] * count)
        other = value_or_nan(loss, name, *[column.reshape(-1, *inner)] * count)
        single = right.size == 1 and other.size == 1
        usable = single and bool(np.abs(other.reshape(()) - right.reshape(())) <= 1e-4)
        found.append(right.size == 1 and bool(np.isfinite(right).all()) and not usable)
    return {"refused": np.array(found)}


# --- losses -----------------------------------------------------------------------------------


def scores(key: int, size: int = LOSS_BATCH) -> np.ndarray:
    """Return scores as a network returns them, (N, 1), between -3 and 3."""
    return 3 * formula(key, (size, 1))


def extreme_scores(key: int) -> np.ndarray:
    """Return scores whose sigmoid is 0 or 1 in float32: -100, -40, 40 and 100, mixed."""
    row = np.array([-100.0, -40.0, 40.0, 100.0])
    return row[(2 * formula(key, (LOSS_BATCH, 1)) + 2).astype(int)]


def ask_score_loss(function: Callable[..., Any], name: str, key: int, count: int) -> dict[str, Any]:
    """Ask a loss of `count` score tensors: moderate, extreme, and what the interface leaves open."""
    keys = range(key, key + count)
    loss = taking(function, f"{name}(real, fake)" if count == 2 else f"{name}(fake)", count)
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
        arrays["unequal_sizes"] = value_or_nan(loss, name, *unequal)
        # Whichever half is larger for the scores above is smaller for these.
        arrays["exchanged"] = value_or_nan(loss, name, *(scores(k) for k in reversed(keys)))
    return arrays


def targets(key: int) -> np.ndarray:
    return (formula(key, (LOSS_BATCH, 1)) > 0).astype(np.float64)


COLUMN, ROW = (-1, 1), (-1,)
# The shapes of scores and labels with which courses call bce_loss; the homework's own comes first.
CALLS = ((COLUMN, COLUMN), (ROW, ROW), (COLUMN, ROW))


def probe_bce_loss(student: Any) -> dict[str, Any]:
    """Ask with scores and labels of the first of CALLS that the function takes."""
    first: Exception | None = None
    for taken, shapes in enumerate(CALLS):
        try:
            arrays = {**_cross_entropy(student.bce_loss, *shapes), "taken": taken}
        except Exception as error:  # the next shapes may do; the error for the homework's is told
            first = first or error
            continue
        return arrays if taken == 0 else arrays | _breaks(student)
    assert first is not None
    raise first


def _cross_entropy(
    function: Callable[..., Any], of_scores: tuple[int, ...], of_labels: tuple[int, ...]
) -> dict[str, Any]:
    """Ask bce_loss with scores and labels of two shapes."""
    loss = taking(function, "bce_loss(input, target)", 2)

    def of(key: int) -> Callable[[torch.Tensor], Any]:
        return lambda given: loss(given, as_tensor(targets(key).reshape(of_labels)))

    arrays: dict[str, Any] = {}
    asked = scores(5050).reshape(of_scores)
    arrays["public"] = ask_loss(of(5150), "bce_loss", asked)["value"]
    for case, values in (("moderate", scores), ("extreme", extreme_scores)):
        answer = ask_loss(of(5100), "bce_loss", values(5000).reshape(of_scores))
        arrays |= {f"{case}_{field}": array for field, array in answer.items()}
    flat = scores(5000).reshape(-1), targets(5100).reshape(-1)
    arrays["flat"] = value_or_nan(loss, "bce_loss", *flat)
    return arrays


def _breaks(student: Any) -> dict[str, Any]:
    """Tell which losses of the student's own fail with the student's bce_loss and not with a right one.

    They pass it shapes that it does not take, so that the two cannot train together.
    """
    found = []
    for name, count in zip(LOSSES[:2], (2, 1)):

        def loss(*given: torch.Tensor, name: str = name) -> Any:
            return getattr(student, name)(*given)

        own = value_or_nan(loss, name, *[scores(5000)] * count)
        with student.replaced("bce_loss", given_bce_loss):
            right = value_or_nan(loss, name, *[scores(5000)] * count)
        found.append(bool(np.isnan(own).any() and not np.isnan(right).any()))
    return {"breaks": np.array(found)}


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
    optimizer = _optimizer_from(called(student.get_optimizer, "get_optimizer(model)", model))
    history = [snapshot(parameters)]
    cleared = True
    for step in range(6):
        optimizer.zero_grad()
        cleared &= all(p.grad is None or not p.grad.any() for p in parameters)
        for position, parameter in enumerate(parameters):
            gradient = formula(11000 + 20 * step + position, tuple(parameter.shape))
            scale = 0.0 if position == 1 else 10.0 ** (step % 3 - 1)
            parameter.grad = as_tensor(gradient * scale)
        optimizer.step()
        history.append(snapshot(parameters))
    return {"history": np.stack(history), "cleared": cleared}


def _optimizer_from(value: Any) -> Any:
    """Return the optimizer that a student's function returned, or say what it is instead."""
    if value is None:
        raise Slip("get_optimizer: returned None; is a `return` missing?")
    if isinstance(value, type):
        raise Slip(
            f"get_optimizer: returned the class {value.__name__}, not an optimizer made from it"
        )
    for method in ("step", "zero_grad"):
        if not callable(getattr(value, method, None)):
            raise Slip(
                f"get_optimizer: returned {type(value).__name__}, which has no {method}; expected "
                "an optimizer, whose `zero_grad` and `step` the training loop calls"
            )
    return value

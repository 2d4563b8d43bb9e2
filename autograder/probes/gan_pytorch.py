"""Ask a `gan_pytorch.py` what it computes. Runs in the worker; imports nothing of ours.

Every probe is a function ``probe_<name>(student)`` that calls the student's functions and returns
named arrays. It judges nothing: the suite does, where the answers are. A probe raises `Slip` where a
function returns something that cannot be turned into arrays.

Weights and inputs come from ``formula``, which any machine evaluates to the same numbers: bits of a
counter, mixed by integer arithmetic. tests/oracles/ evaluates it again, on its own.
"""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

BATCH = 8  # what networks are asked with
FULL_BATCH = 128  # what the homework uses; networks that accept no other size are asked with it
NOISE_DIM = 4  # for which the parameter counts are published
DRAWS = (500, 40)  # noise: 20000 numbers, enough for bounds that see a wrong spread
LOSS_BATCH = 128


class Slip(TypeError):
    """A function returned the wrong kind of thing; the text is for the student."""


# --- numbers that every machine computes alike ------------------------------------------------


def formula(key: int, shape: tuple[int, ...]) -> np.ndarray:
    """Return float64 numbers in [-1, 1) of the given shape: a hash of (key, position)."""
    z = np.arange(int(np.prod(shape)), dtype=np.uint32)
    z += np.uint32((key * 0x9E3779B9 + 0x7F4A7C15) & 0xFFFFFFFF)
    z ^= z >> np.uint32(16)
    z *= np.uint32(0x21F0AAAD)
    z ^= z >> np.uint32(15)
    z *= np.uint32(0x735A2D97)
    z ^= z >> np.uint32(15)
    return (z.astype(np.float64) * 2.0**-31 - 1.0).reshape(shape)


def as_tensor(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).float()


# --- what students return ---------------------------------------------------------------------


def tensor_from(value: Any, name: str) -> torch.Tensor:
    """Return the tensor that a student's function returned, or say what it is instead."""
    if value is None:
        raise Slip(f"{name}: returned None; is a `return` missing, or the variable never set?")
    if isinstance(value, (tuple, list)):
        raise Slip(f"{name}: returned a {type(value).__name__}; return one tensor")
    if isinstance(value, (float, int, np.ndarray, np.generic)):
        kind = "a NumPy value" if isinstance(value, (np.ndarray, np.generic)) else "a Python number"
        raise Slip(
            f"{name}: returned {kind}; return a tensor, with .item() and NumPy left out, "
            "or no gradient can flow"
        )
    if not isinstance(value, torch.Tensor):
        raise Slip(f"{name}: returned {type(value).__name__}; expected a tensor")
    if value.is_complex():
        raise Slip(f"{name}: returned complex numbers; expected real ones")
    return value


def array_from(value: Any, name: str) -> np.ndarray:
    tensor = tensor_from(value, name).detach()
    if not tensor.is_floating_point():
        raise Slip(f"{name}: returned a tensor of {tensor.dtype}; expected floating point")
    if tensor.numel() > 1 << 16:
        raise Slip(f"{name}: returned a tensor of shape {tuple(tensor.shape)}; far too large")
    return np.array(tensor.to("cpu", torch.float32).numpy())


def module_from(value: Any, name: str) -> nn.Module:
    if value is None:
        raise Slip(f"{name}: returned None; assign the network to `model` and return it")
    if not isinstance(value, nn.Module):
        raise Slip(f"{name}: returned {type(value).__name__}; expected an nn.Module")
    return value


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
        "repeats": _agree(first, second),
    }
    if accepts(draw, "seed", 2):
        one, two, other = (array_from(draw(4, 8, seed), "sample_noise") for seed in (5, 5, 6))
        arrays["seeded"] = np.array([_agree(one, two), _agree(one, other)])
    return arrays


def _agree(one: np.ndarray, two: np.ndarray) -> bool:
    return one.shape == two.shape and bool(np.array_equal(one, two))


def accepts(function: Callable[..., Any], name: str, position: int) -> bool:
    """Tell whether a function has a parameter of that name or at that position."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return True
    named = any(p.name == name or p.kind is p.VAR_KEYWORD for p in parameters)
    return named or len(parameters) > position


# --- networks ---------------------------------------------------------------------------------


class _Uses(TorchFunctionMode):
    """Record parameters in the order in which a forward pass uses them, and how.

    `found` maps id(parameter) to (parameter, role); roles are "weight" as torch's layers lay it out,
    "transposed" for a matrix that is multiplied from the right, "scale" for a normalization's.
    """

    RIGHT_FACTORS = ("matmul", "__matmul__", "mm", "addmm")
    NORMS = ("batch_norm", "layer_norm", "group_norm", "instance_norm")

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.wanted = {id(p) for p in module.parameters()}
        self.found: dict[int, tuple[torch.Tensor, str]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        for position, value in enumerate((*args, *kwargs.values())):
            if isinstance(value, torch.Tensor) and id(value) in self.wanted:
                role = "weight"
                if name in self.RIGHT_FACTORS and position > 0 and value.dim() == 2:
                    role = "transposed"
                elif name in self.NORMS and value is kwargs.get("weight"):
                    role = "scale"
                self.found.setdefault(id(value), (value, role))
        return func(*args, **kwargs)


def transplant(module: nn.Module, uses: _Uses, key: int) -> list[torch.Tensor]:
    """Overwrite every parameter by formula; return them in the order of use.

    A weight of shape (a, b, ...) gets numbers of the size that keeps a signal's: uniform with the
    bound sqrt(6 / (a + b)), over the square root of the kernel's size. Scales are 1 + u / 2,
    biases u / 4.
    """
    ordered = [(p, role) for p, role in uses.found.values()]
    ordered += [(p, "weight") for p in module.parameters() if id(p) not in uses.found]
    with torch.no_grad():
        for position, (parameter, role) in enumerate(ordered):
            shape = tuple(parameter.shape)
            if role == "transposed":
                values = formula(key + position, shape[::-1]).T * weight_bound(shape)
            elif role == "scale":
                values = 1 + formula(key + position, shape) / 2
            elif len(shape) > 1:
                values = formula(key + position, shape) * weight_bound(shape)
            else:
                values = formula(key + position, shape) / 4
            parameter.copy_(as_tensor(values))
    return [p for p, _ in ordered]


def weight_bound(shape: tuple[int, ...]) -> float:
    kernel = float(np.prod(shape[2:]))
    return float(np.sqrt(6.0 / (shape[0] + shape[1]) / kernel))


def ask_network(
    build: Callable[[int], Any], name: str, inputs: Callable[[int], np.ndarray], key: int
) -> dict[str, Any]:
    """Build a network, give it known weights, and return its outputs and gradients.

    Arguments:
        build: returns the network for a batch size.
        name: of the student's function.
        inputs: returns BATCH inputs for a key.
        key: of the formula, for this network.
    """
    seed = torch.initial_seed()
    batch, module, shape, uses = _first_that_runs(build, name, inputs(key))
    fresh = torch.initial_seed() == seed  # building leaves the global generator's seed alone
    parameters = transplant(module, uses, key + 1)
    public = _forward(module, inputs(key), shape, batch, name)
    x = _tiled(inputs(key + 100), shape, batch).requires_grad_()
    hidden = _outputs(module, x, name)
    returned = hidden.shape
    hidden = hidden.reshape(batch, -1)
    weights = as_tensor(formula(key + 200, (BATCH, hidden.shape[1])))
    weights = weights.repeat(batch // BATCH, 1) * (BATCH / batch)
    loss = (hidden * weights).sum()
    if not loss.requires_grad:
        raise Slip(f"{name}: no gradient reaches its parameters; is something detached in it?")
    trained = [p for p in parameters if p.requires_grad]
    found = torch.autograd.grad(loss, [x, *trained], allow_unused=True)
    by_parameter = dict(zip(map(id, trained), found[1:]))
    gradients = [by_parameter.get(id(p)) for p in parameters]
    return {
        "shape": np.array([BATCH if n == batch else n for n in returned]),
        "input_shape": np.array(x.shape[1:]),
        "batch_bound": batch != BATCH,
        "counts": np.array([p.numel() for p in parameters]),
        "parameters": sum(p.numel() for p in module.parameters()),
        "public": public,
        "hidden": hidden[:BATCH].detach().numpy().copy(),
        "gradients": np.stack([_shadow(g, key + 300) for g in gradients]),
        "input_gradient": _shadow(None if found[0] is None else found[0][:BATCH], key + 400)
        * (batch / BATCH),
        "fresh": fresh,
    }


def _first_that_runs(
    build: Callable[[int], Any], name: str, flat: np.ndarray
) -> tuple[int, nn.Module, tuple[int, ...], _Uses]:
    """Find a batch size and an input shape that the network accepts.

    Returns the batch size, the network, the shape of one input, and the uses of its parameters.
    """
    shapes = [(1, 28, 28), (784,)] if flat.shape[1] == 784 else [flat.shape[1:]]
    first: Exception | None = None
    for batch in (BATCH, FULL_BATCH):
        module = module_from(build(batch), name)
        for shape in shapes:
            uses = _Uses(module)
            try:
                with uses:
                    result = module(_tiled(flat, shape, batch))
                if result.shape[0] == batch:
                    return batch, module, shape, uses
                problem: Exception = Slip(
                    f"{name}: for a minibatch of {batch} the network returned shape "
                    f"{tuple(result.shape)}; the first dimension must stay the minibatch's"
                )
            except Exception as error:  # the next combination may run; the first error is told
                problem = error
            first = first or problem
    assert first is not None
    raise first


def _tiled(flat: np.ndarray, shape: tuple[int, ...], batch: int) -> torch.Tensor:
    """Repeat BATCH inputs until the minibatch is full: BatchNorm sees the same statistics."""
    return as_tensor(flat).repeat(batch // BATCH, 1).reshape(batch, *shape)


def _forward(
    module: nn.Module, flat: np.ndarray, shape: tuple[int, ...], batch: int, name: str
) -> np.ndarray:
    with torch.no_grad():
        return array_from(_outputs(module, _tiled(flat, shape, batch), name)[:BATCH], name)


def _outputs(module: nn.Module, x: torch.Tensor, name: str) -> torch.Tensor:
    return tensor_from(module(x), f"{name}'s network")


def _shadow(gradient: torch.Tensor | None, key: int) -> np.ndarray:
    """Return three numbers that a gradient can hardly share with another: norm, two projections."""
    if gradient is None:
        return np.zeros(3)
    values = gradient.detach().numpy().astype(np.float64).reshape(-1)
    row = formula(key, (min(values.size, 4096),))
    folded = np.zeros(row.size)
    whole = values.size // row.size * row.size
    folded += values[:whole].reshape(-1, row.size).sum(0)
    stripes = values[:whole].reshape(-1, row.size) @ row
    turns = np.cos(np.arange(stripes.size))
    return np.array([np.sqrt(np.sum(values**2)), folded @ row, stripes @ turns])


def images(key: int) -> np.ndarray:
    return formula(key, (BATCH, 784))


def noise(key: int) -> np.ndarray:
    return formula(key, (BATCH, NOISE_DIM))


def probe_discriminator(student: Any) -> dict[str, Any]:
    return ask_network(lambda batch: student.discriminator(), "discriminator", images, 1000)


def probe_generator(student: Any) -> dict[str, Any]:
    return ask_network(lambda batch: student.generator(NOISE_DIM), "generator", noise, 2000)


def probe_build_dc_classifier(student: Any) -> dict[str, Any]:
    function = student.build_dc_classifier
    sized = accepts(function, "batch_size", 0)
    build = (lambda batch: function(batch)) if sized else (lambda batch: function())
    return ask_network(build, "build_dc_classifier", images, 3000)


def probe_build_dc_generator(student: Any) -> dict[str, Any]:
    return ask_network(
        lambda batch: student.build_dc_generator(NOISE_DIM), "build_dc_generator", noise, 4000
    )


# --- losses -----------------------------------------------------------------------------------


def scores(key: int, size: int = LOSS_BATCH) -> np.ndarray:
    """Return scores as a network returns them, (N, 1), between -3 and 3."""
    return 3 * formula(key, (size, 1))


def extreme_scores(key: int) -> np.ndarray:
    """Return scores whose sigmoid is 0 or 1 in float32: -100, -40, 40 and 100 in turn."""
    row = np.array([[-100.0], [-40.0], [40.0], [100.0]])
    return row[(np.arange(LOSS_BATCH) + key) % 4]


def ask_loss(loss: Callable[..., Any], name: str, *values: np.ndarray) -> dict[str, Any]:
    """Return a loss's value, its gradient for each argument, and whether it changed an argument."""
    inputs = [as_tensor(v) for v in values]
    leaves = [x.clone().requires_grad_() for x in inputs]
    passed = [leaf * 1 for leaf in leaves]  # not leaves: an in-place change is caught, not an error
    result = tensor_from(loss(*passed), name)
    changed = any(not torch.equal(x, p.detach()) for x, p in zip(inputs, passed))
    connected = result.requires_grad
    gradients = [torch.zeros_like(x) for x in leaves]
    if connected:
        found = torch.autograd.grad(result.sum(), leaves, allow_unused=True)
        gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, found)]
    return {
        "value": array_from(result, name),
        "gradients": np.concatenate([g.numpy().reshape(-1) for g in gradients]),
        "connected": connected,
        "changed": changed,
    }


def ask_score_loss(loss: Callable[..., Any], name: str, key: int, count: int) -> dict[str, Any]:
    """Ask a loss of `count` score tensors: moderate, extreme, and what the interface leaves open."""
    keys = range(key, key + count)
    arrays: dict[str, Any] = {}
    public = ask_loss(loss, name, *(scores(k + 50) for k in keys))
    arrays["public"] = public["value"]
    for case, values in (("moderate", scores), ("extreme", extreme_scores)):
        for field, array in ask_loss(loss, name, *(values(k) for k in keys)).items():
            arrays[f"{case}_{field}"] = array
    arrays["flat"] = _value_or_nan(loss, name, *(scores(k).reshape(-1) for k in keys))
    sizes = (LOSS_BATCH, LOSS_BATCH // 2)
    if count == 2:
        unequal = (scores(k, n) for k, n in zip(keys, sizes))
        arrays["unequal"] = _value_or_nan(loss, name, *unequal)
    return arrays


def _value_or_nan(loss: Callable[..., Any], name: str, *values: np.ndarray) -> np.ndarray:
    """Return a loss's value where the interface lets it fail: then NaN."""
    try:
        return array_from(loss(*(as_tensor(v) for v in values)), name)
    except Exception:
        return np.array(np.nan, dtype=np.float32)


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
    arrays["flat"] = _value_or_nan(loss, "bce_loss", *flat)
    return arrays


def given_bce_loss(scores: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return nn.functional.binary_cross_entropy_with_logits(scores, target)


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
    history = [_snapshot(parameters)]
    for step in range(6):
        for position, parameter in enumerate(parameters):
            gradient = formula(11000 + 20 * step + position, tuple(parameter.shape))
            scale = 0.0 if position == 1 else 10.0 ** (step % 3 - 1)
            parameter.grad = as_tensor(gradient * scale)
        optimizer.step()
        history.append(_snapshot(parameters))
    return {"history": np.stack(history)}


def _snapshot(parameters: list[nn.Parameter]) -> np.ndarray:
    return np.concatenate([p.detach().numpy().reshape(-1) for p in parameters]).copy()

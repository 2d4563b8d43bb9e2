"""Ask a network: build it, give it known weights, and return its outputs and gradients."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.probing.formula import as_tensor, formula
from autograder.probing.losses import gradients_of
from autograder.probing.uses import Unfilled, Uses, transplant
from autograder.probing.values import Slip, array_from, module_from, tensor_from

BATCH = 8  # what networks are asked with
FULL_BATCH = 128  # what the homework uses; networks that accept no other size are asked with it


def ask_network(
    build: Callable[[int], Any],
    name: str,
    inputs: Callable[[int], np.ndarray],
    key: int,
    shapes: Sequence[tuple[int, ...]] = (),
) -> dict[str, Any]:
    """Build a network, give it known weights, and return its outputs and gradients.

    Arguments:
        build: returns the network for a batch size.
        name: of the student's function.
        inputs: returns BATCH inputs for a key, of shape (BATCH, numbers of one input).
        key: of the formula, for this network.
        shapes: of one input, those that the network may take; by default a vector.
    """
    seed = torch.initial_seed()
    batch, module, shape, uses = first_that_runs(build, name, inputs(key), shapes)
    fresh = torch.initial_seed() == seed  # building leaves the global generator's seed alone
    parameters = transplant(module, uses, key + 1)
    public = _forward(module, inputs(key), shape, batch, name)
    x = _tiled(inputs(key + 100), shape, batch).requires_grad_()
    hidden = _outputs(module, x * 1, name)  # not a leaf, which no in-place operation may change
    returned = hidden.shape
    hidden = hidden.reshape(batch, -1)
    weights = as_tensor(formula(key + 200, (BATCH, hidden.shape[1]))).to(hidden.dtype)
    weights = weights.repeat(batch // BATCH, 1) * (BATCH / batch)
    loss = (hidden * weights).sum()
    if not loss.requires_grad:
        raise Slip(f"{name}: no gradient reaches its parameters; is something detached in it?")
    trained = [p for p, _ in parameters if p.requires_grad]
    found = gradients_of(loss, [x, *trained], name)
    by_parameter = dict(zip(map(id, trained), found[1:]))
    gradients = [_laid_out(by_parameter.get(id(p)), role) for p, role in parameters]
    return {
        "shape": np.array([BATCH if n == batch else n for n in returned]),
        "input_shape": np.array(x.shape[1:]),
        "batch_bound": batch != BATCH,
        "weight_shapes": np.array([_padded(p.shape, role) for p, role in parameters]).reshape(
            -1, 4
        ),
        "parameters": sum(p.numel() for p in module.parameters()),
        "public": public,
        "hidden": array_from(hidden[:BATCH], name),
        "gradients": np.stack([_shadow(g, key + 300) for g in gradients]),
        "input_gradient": _shadow(None if found[0] is None else found[0][:BATCH], key + 400)
        * (batch / BATCH),
        "fresh": fresh,
    }


def _padded(shape: tuple[int, ...], role: str) -> list[int]:
    """Return a weight's shape as torch's layers lay it out, with zeros behind it up to four."""
    laid_out = shape[::-1] if role == "transposed" else shape
    return [*laid_out, 0, 0, 0, 0][:4]


def first_that_runs(
    build: Callable[[int], Any],
    name: str,
    flat: np.ndarray,
    shapes: Sequence[tuple[int, ...]] = (),
) -> tuple[int, nn.Module, tuple[int, ...], Uses]:
    """Find a batch size and an input shape that the network accepts.

    Returns the batch size, the network, the shape of one input, and the uses of its parameters.
    """
    first: Exception | None = None
    for batch in (BATCH, FULL_BATCH):
        with Unfilled():
            module = module_from(build(batch), name)
        for shape in shapes or [flat.shape[1:]]:
            uses = Uses(module)
            try:
                with uses:
                    result = _outputs(module, _tiled(flat, shape, batch), name)
                if result.shape[:1] == (batch,):  # one number has no first dimension
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
    return tensor_from(module(_as_its_weights(module, x)), f"{name}'s network")


def _as_its_weights(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Cast inputs for a network of double precision."""
    kind = next((p.dtype for p in module.parameters() if p.is_floating_point()), x.dtype)
    return x.to(kind)


def _laid_out(gradient: torch.Tensor | None, role: str) -> torch.Tensor | None:
    """Turn the gradient of a matrix that a layer would hold transposed."""
    return gradient.t() if gradient is not None and role == "transposed" else gradient


def _shadow(gradient: torch.Tensor | None, key: int) -> np.ndarray:
    """Return three numbers that a gradient can hardly share with another: norm, two projections."""
    if gradient is None:
        return np.zeros(3)
    values = gradient.detach().cpu().numpy().reshape(-1)
    row = formula(key, (min(values.size, 4096),))
    folded, squares, second = np.zeros(row.size), 0.0, 0.0
    rows = values[: values.size // row.size * row.size].reshape(-1, row.size)
    for start in range(0, len(rows), 16):  # in pieces that stay in the processor's cache
        piece = rows[start : start + 16].astype(np.float64)
        squares += float(np.vdot(piece, piece))
        folded += piece.sum(0)
        second += float((piece @ row) @ np.cos(np.arange(start, start + len(piece))))
    rest = values[rows.size :].astype(np.float64)
    return np.array([np.sqrt(squares + np.vdot(rest, rest)), folded @ row, second])

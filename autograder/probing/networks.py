"""Ask a network: build it, give it known weights, and return its outputs and gradients."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.probing.formula import as_tensor, formula
from autograder.probing.layers import Watched
from autograder.probing.losses import gradients_of
from autograder.probing.uses import SameDropout, Unfilled, Uses, transplant
from autograder.probing.values import Slip, array_from, module_from, tell, tensor_from

BATCH = 8  # what networks are asked with
# By what the weights are multiplied at last: those of the last layer, and the others. Powers of two, so
# that dividing takes it back.
LOUDER = (4.0, 4.0)
FULL_BATCH = 128  # what the homework uses; networks that accept no other size are asked with it


class Drawn(torch.autograd.Function):
    """Hand a minibatch on as a generator's Tanh does: its backward pass needs the result unchanged.

    So a network that changes its input in place fails here as it fails in training.
    """

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        result = x.clone()
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        ctx.saved_tensors  # noqa: B018 (raises if the result was changed)
        return gradients[0]


def ask_network(
    build: Callable[[int], Any],
    name: str,
    inputs: Callable[[int], np.ndarray],
    key: int,
    shapes: Sequence[tuple[int, ...]] = (),
    drawn: bool = False,
    built: str = "",
    louder: tuple[float, float] = LOUDER,
) -> dict[str, Any]:
    """Build a network, give it known weights, and return its outputs, gradients, and layers as text.

    Arguments:
        build: returns the network for a batch size.
        name: of the student's function.
        inputs: returns BATCH inputs for a key, of shape (BATCH, numbers of one input).
        key: of the formula, for this network.
        shapes: of one input, those that the network may take; by default a vector. The first is
            what the homework passes.
        drawn: whether the homework passes what another network has drawn, see `Drawn`.
        built: how the student's function is called, for the student who reads an error.
        louder: by what the last layer's weights and the others are multiplied at last; see `_loud`.
    """
    seed = torch.initial_seed()
    batch, module, shape, uses, layers = first_that_runs(build, name, inputs(key), shapes, built)
    fresh = torch.initial_seed() == seed  # building leaves the global generator's seed alone
    parameters = _with_known_weights(module, uses, key + 1, name)

    def forward() -> np.ndarray:
        return _forward(module, inputs(key), shape, batch, name)

    public = forward()
    x = _tiled(inputs(key + 100), shape, batch).requires_grad_()
    passed = Drawn.apply(x) if drawn else x * 1  # no leaf, which no in-place operation may change
    hidden = outputs_of(module, passed, name)
    returned, hidden = hidden.shape, hidden.reshape(batch, -1)
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
        "weight_shapes": np.array([_padded(p.shape, role) for p, role in parameters]),
        "parameters": sum(p.numel() for p in module.parameters()),
        "public": public,
        "loud": _loud(parameters, louder, forward),
        "hidden": array_from(hidden[:BATCH], name),
        "gradients": np.stack([shadow(g, key + 300) for g in gradients]),
        "input_gradient": shadow(None if found[0] is None else found[0][:BATCH], key + 400)
        * (batch / BATCH),
        "fresh": fresh,
        "network": layers,
    }


def _with_known_weights(
    module: nn.Module, uses: Uses, key: int, name: str
) -> list[tuple[torch.Tensor, str]]:
    """Put the formula's weights into a network; return them, or raise Slip if it has none."""
    parameters = transplant(module, uses, key)
    if not parameters:
        raise Slip(
            f"{name}: the network has no parameters to train; are its layers left out, or kept in a "
            "plain list, where an nn.Module does not find them?"
        )
    return parameters


def _padded(shape: tuple[int, ...], role: str) -> list[int]:
    """Return a weight's shape as torch's layers lay it out, with zeros behind it up to four."""
    laid_out = shape[::-1] if role == "transposed" else shape
    return [*laid_out, 0, 0, 0, 0][:4]


def first_that_runs(
    build: Callable[[int], Any],
    name: str,
    flat: np.ndarray,
    shapes: Sequence[tuple[int, ...]] = (),
    built: str = "",
) -> tuple[int, nn.Module, tuple[int, ...], Uses, str]:
    """Find an input shape and a batch size that the network accepts; earlier shapes count more.

    Returns the batch size, the network, the shape of one input, the uses of its parameters, and its
    layers as text. Raises the error for the first shape and a full minibatch, which is what the
    homework passes; its attribute `network` has the layers that ran until then.
    """
    shapes = shapes or [flat.shape[1:]]
    modules: dict[int, nn.Module] = {}
    counts: Exception | None = None
    for shape in shapes:
        for batch in (BATCH, FULL_BATCH):
            if batch not in modules:
                with Unfilled():
                    modules[batch] = module_from(build(batch), name)
            uses, watched = Uses(modules[batch]), Watched(modules[batch])
            try:
                with uses, watched:
                    result = outputs_of(modules[batch], _tiled(flat, shape, batch), name)
                if result.shape[:1] == (batch,):  # one number has no first dimension
                    return batch, modules[batch], shape, uses, watched.text
                problem: Exception = Slip(
                    f"{name}: for a minibatch of {batch} the network returned shape "
                    f"{tuple(result.shape)}; expected {batch} as its first dimension"
                )
            except Exception as error:  # the next combination may run
                asked = f"asked with a minibatch of shape {(batch, *shape)}"
                problem = tell(error, f"built by {built}; {asked}" if built else asked)
            if batch == FULL_BATCH and counts is None:
                counts = problem
                vars(counts)["network"] = watched.text
    assert counts is not None
    raise counts


def _tiled(flat: np.ndarray, shape: tuple[int, ...], batch: int) -> torch.Tensor:
    """Repeat BATCH inputs until the minibatch is full: BatchNorm sees the same statistics."""
    return as_tensor(flat).repeat(batch // BATCH, 1).reshape(batch, *shape)


def _forward(
    module: nn.Module, flat: np.ndarray, shape: tuple[int, ...], batch: int, name: str
) -> np.ndarray:
    with torch.no_grad():
        return array_from(outputs_of(module, _tiled(flat, shape, batch), name)[:BATCH], name)


def _loud(
    parameters: Sequence[tuple[torch.Tensor, str]],
    louder: tuple[float, float],
    forward: Callable[[], np.ndarray],
) -> np.ndarray:
    """Return the outputs with larger weights: what bounds the numbers inside a network shows.

    With the first weights these are so small that a ReLU6 or a Hardtanh would change nothing. The last
    layer may get smaller ones, so that a Tanh behind it is not saturated.
    """
    last = len(parameters) - 2  # a weight and a bias
    factors = [(p, louder[int(n < last)]) for n, (p, _) in enumerate(parameters)]
    with torch.no_grad():
        for parameter, factor in factors:
            parameter.mul_(factor)
        try:
            return forward()
        finally:
            for parameter, factor in factors:
                parameter.div_(factor)


def outputs_of(module: nn.Module, x: torch.Tensor, name: str) -> torch.Tensor:
    """Return what a network makes of a minibatch, or raise Slip if that is no tensor."""
    with SameDropout():
        return tensor_from(module(_as_its_weights(module, x)), f"{name}'s network")


def _as_its_weights(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Cast inputs for a network of double precision."""
    kind = next((p.dtype for p in module.parameters() if p.is_floating_point()), x.dtype)
    return x.to(kind)


def _laid_out(gradient: torch.Tensor | None, role: str) -> torch.Tensor | None:
    """Turn the gradient of a matrix that a layer would hold transposed."""
    return gradient.t() if gradient is not None and role == "transposed" else gradient


def shadow(gradient: torch.Tensor | None, key: int) -> np.ndarray:
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

"""Ask a loss: its value, and its gradient for each argument."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.probing.formula import as_tensor
from autograder.probing.values import Slip, array_from, tensor_from


def gradients_of(
    value: torch.Tensor, inputs: list[torch.Tensor], name: str
) -> tuple[torch.Tensor | None, ...]:
    """Return a scalar's gradients, None where it does not depend on an input."""
    try:
        return torch.autograd.grad(value, inputs, allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        raise Slip(
            f"{name}: changes a tensor in place that its gradient still needs (+=, *=, or a method "
            "whose name ends in _); make a new tensor"
        ) from error


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
        found = gradients_of(result.sum(), leaves, name)
        gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, found)]
    return {
        "value": array_from(result, name),
        "gradients": np.concatenate([g.numpy().reshape(-1) for g in gradients]),
        "connected": connected,
        "changed": changed,
    }


def value_or_nan(loss: Callable[..., Any], name: str, *values: np.ndarray) -> np.ndarray:
    """Return a loss's value where the interface lets it fail: then NaN."""
    try:
        return array_from(loss(*(as_tensor(v) for v in values)), name)
    except Exception:
        return np.array(np.nan, dtype=np.float32)

"""What students return: turned into arrays, or refused with a `Slip` that says what is wrong."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn


class Slip(TypeError):
    """A function returned the wrong kind of thing; the text is for the student."""


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
    if value.layout is not torch.strided:
        raise Slip(f"{name}: returned a sparse tensor; return an ordinary one")
    if value.is_complex():
        raise Slip(f"{name}: returned complex numbers; expected real ones")
    if value.dtype in (torch.float16, torch.bfloat16):
        raise Slip(
            f"{name}: returned numbers of half precision ({value.dtype}), which are too coarse to "
            "compare; compute in float32"
        )
    return value


def array_from(value: Any, name: str) -> np.ndarray:
    """Return a student's tensor as a float32 array, or say what it is instead."""
    tensor = tensor_from(value, name).detach()
    if not tensor.is_floating_point():
        raise Slip(f"{name}: returned a tensor of {tensor.dtype}; expected floating point")
    if tensor.numel() > 1 << 16:
        raise Slip(f"{name}: returned a tensor of shape {tuple(tensor.shape)}; far too large")
    return np.array(tensor.to("cpu", torch.float32).numpy())


def module_from(value: Any, name: str) -> nn.Module:
    """Return the network that a student's function returned, or say what it is instead."""
    if value is None:
        raise Slip(f"{name}: returned None; assign the network to `model` and return it")
    if not isinstance(value, nn.Module):
        raise Slip(f"{name}: returned {type(value).__name__}; expected an nn.Module")
    return value


def parameter_names(function: Callable[..., Any]) -> list[str]:
    """Return the names of a function's parameters; "*" and "**" stand for any number of them."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    stars: dict[Any, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    return [stars.get(p.kind, p.name) for p in parameters]


def agree(one: np.ndarray, two: np.ndarray) -> bool:
    """Tell whether two arrays are the same, to the bit."""
    return one.shape == two.shape and bool(np.array_equal(one, two))


def snapshot(parameters: list[nn.Parameter]) -> np.ndarray:
    """Return a copy of all parameters, one behind the other."""
    return np.concatenate([p.detach().numpy().reshape(-1) for p in parameters]).copy()

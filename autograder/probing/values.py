"""What students return: turned into arrays, or refused with a `Slip` that says what is wrong."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn


class Slip(TypeError):
    """A function returned the wrong kind of thing; the text is for the student."""


def tell(error: Exception, context: str) -> Exception:
    """Note beside an error what was asked; the student reads it below the error. Return the error.

    It stands where `add_note` of Python 3.11 puts it, so that Python 3.10 has it, too.
    """
    before = getattr(error, "__notes__", None)
    notes = before if isinstance(before, list) else []
    vars(error)["__notes__"] = [*notes, context]
    return error


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
    if inspect.isgenerator(value):
        raise Slip(f"{name}: returned a generator, as it has `yield`; return a tensor instead")
    if inspect.iscoroutine(value):
        raise Slip(f"{name}: is an `async def`, which computes nothing when called; write `def`")
    if not isinstance(value, torch.Tensor):
        raise Slip(f"{name}: returned {type(value).__name__}; expected a tensor")
    if value.is_meta:
        raise Slip(f"{name}: returned a tensor on the device 'meta', which holds no numbers")
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


def holds_numbers(value: Any) -> bool:
    """Tell whether a value is a number, or an ordinary array or tensor of real ones, of any shape."""
    if isinstance(value, torch.Tensor):
        ordinary = value.layout is torch.strided and not value.is_meta
        return ordinary and not value.is_complex() and value.numel() <= 1 << 20
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biuf" and value.size <= 1 << 20
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 100)


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


def default_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the whole number that a function's first parameter is by default; -1 where it has none.

    Nothing where that is another value, or cannot be seen.
    """
    try:
        first = next(iter(inspect.signature(function).parameters.values()))
    except (TypeError, ValueError, StopIteration):
        return {}
    if first.kind not in (first.POSITIONAL_ONLY, first.POSITIONAL_OR_KEYWORD):
        return {}
    if first.default is first.empty:
        return {"default": -1}
    whole = type(first.default) is int and 0 <= first.default < 2**31
    return {"default": first.default} if whole else {}


def called(function: Callable[..., Any], call: str, *arguments: Any) -> Any:
    """Call a student's function as the homework does; see `taking`."""
    return taking(function, call, len(arguments))(*arguments)


def taking(function: Callable[..., Any], call: str, count: int) -> Callable[..., Any]:
    """Return a student's function as one that takes `count` arguments by position.

    A function that takes its arguments by name alone gets them by name. One that cannot be called with
    so many is refused with a `Slip` that shows `call`, since Python's error says nothing of the call.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return function
    if _binds(signature, *range(count)):
        return function
    by_name = [p.name for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY][:count]
    if len(by_name) == count and _binds(signature, **dict.fromkeys(by_name)):
        return lambda *arguments: function(**dict(zip(by_name, arguments)))
    name = call.partition("(")[0]
    raise Slip(f"{name}: is called as {call}, but takes {signature}")


def _binds(signature: inspect.Signature, *arguments: Any, **named: Any) -> bool:
    try:
        signature.bind(*arguments, **named)
    except TypeError:
        return False
    return True


def agree(one: np.ndarray, two: np.ndarray) -> bool:
    """Tell whether two arrays are the same, to the bit."""
    return one.shape == two.shape and bool(np.array_equal(one, two))


def snapshot(parameters: list[nn.Parameter]) -> np.ndarray:
    """Return a copy of all parameters, one behind the other."""
    return np.concatenate([p.detach().numpy().reshape(-1) for p in parameters]).copy()

"""What probes of every part ask with: numbers by formula, known weights, gradients, plain words.

Runs in the worker, below the trust line, with no answer in reach; imports nothing of ours. A probe asks
a network with `ask_network` and a loss with `ask_loss`, checks what came back with `tensor_from`,
`array_from` and `module_from`, and raises `Slip` where a function returns something that cannot be
turned into arrays.

Weights and inputs come from ``formula``, which any machine evaluates to the same numbers: bits of a
counter, mixed by integer arithmetic. tests/oracles/ evaluates it again, on its own.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

BATCH = 8  # what networks are asked with
FULL_BATCH = 128  # what the homework uses; networks that accept no other size are asked with it
PIECE = 1 << 14  # numbers computed at a time


class Slip(TypeError):
    """A function returned the wrong kind of thing; the text is for the student."""


# --- numbers that every machine computes alike ------------------------------------------------


def formula(key: int, shape: tuple[int, ...], scale: float = 1.0, offset: float = 0.0) -> Any:
    """Return float64 numbers u * scale + offset of the given shape, u a hash of (key, position).

    u lies in [-1, 1). Works through the positions in pieces that stay in the processor's cache.
    """
    numbers = np.empty(int(np.prod(shape)))
    _fill(numbers, key, scale, offset)
    return numbers.reshape(shape)


def _fill(numbers: np.ndarray, key: int, scale: float, offset: float) -> None:
    for start in range(0, numbers.size, PIECE):
        piece = numbers[start : start + PIECE]
        z = np.arange(start, start + piece.size, dtype=np.uint32)
        z += np.uint32((key * 0x9E3779B9 + 0x7F4A7C15) & 0xFFFFFFFF)
        z ^= z >> np.uint32(16)
        z *= np.uint32(0x21F0AAAD)
        z ^= z >> np.uint32(15)
        z *= np.uint32(0x735A2D97)
        z ^= z >> np.uint32(15)
        u = z * 2.0**-31
        u -= 1.0
        u *= scale
        u += offset
        piece[:] = u  # rounds once, where `numbers` is float32


def weights_by_formula(
    key: int, shape: tuple[int, ...], scale: float, offset: float = 0.0
) -> torch.Tensor:
    """Return the formula's numbers, rounded to float32."""
    numbers = np.empty(int(np.prod(shape)), dtype=np.float32)
    _fill(numbers, key, scale, offset)
    return torch.from_numpy(numbers.reshape(shape))


def as_tensor(values: np.ndarray) -> torch.Tensor:
    """Round to float32, in PyTorch's default type, which a student may have changed."""
    rounded = np.ascontiguousarray(values, dtype=np.float32)
    return torch.from_numpy(rounded).to(torch.get_default_dtype())


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


# --- what students write -----------------------------------------------------------------------


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


# --- networks ---------------------------------------------------------------------------------


def _zeroed(tensor: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return tensor.zero_()


class _Unfilled(TorchFunctionMode):
    """Leave out the random numbers that large weights begin with: `transplant` overwrites them."""

    LARGE = 1 << 18
    FILLS = ("uniform_", "normal_", "kaiming_uniform_", "kaiming_normal_")

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if getattr(func, "__name__", "") in self.FILLS:
            tensor = args[0] if args else kwargs.get("tensor")
            large = not nn.parameter.is_lazy(tensor) and tensor.numel() >= self.LARGE
            if isinstance(tensor, nn.Parameter) and large:
                return _zeroed(tensor)
        return func(*args, **kwargs)


class _Uses(TorchFunctionMode):
    """Record parameters in the order in which a forward pass computes with them, and how.

    `found` maps id(parameter) to (parameter, role). Roles: "weight", laid out as torch's layers do;
    "transposed", a matrix laid out the other way; "bias"; "scale", a normalization's factor. Views and
    casts of a parameter count as the parameter; looking at its shape or device is no use of it.
    """

    MATRIX_PRODUCTS = ("matmul", "__matmul__", "__rmatmul__", "mm", "addmm")
    SUMS = ("add", "__add__", "__radd__", "add_", "__iadd__")
    FACTORS = ("mul", "__mul__", "__rmul__", "mul_", "__imul__", "multiply")
    NORMS = ("batch_norm", "layer_norm", "group_norm", "instance_norm")
    FLIPS = ("t", "transpose", "swapaxes", "permute", "adjoint")
    VIEWS = (
        "view reshape contiguous to type float double cuda cpu clone unsqueeze squeeze expand flatten"
    ).split()
    LOOKS = (
        "__get__ size dim numel nelement ndimension stride __len__ is_contiguous data_ptr get_device "
        "is_floating_point element_size __repr__ __format__ requires_grad_ register_hook type_as"
    ).split()

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.named = {id(p): (p, False) for p in module.parameters()}  # and views: (p, flipped)
        self.views: list[torch.Tensor] = []  # kept alive, so that no other tensor gets their ids
        self.found: dict[int, tuple[torch.Tensor, str]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        name = getattr(func, "__name__", "")
        turned = func in TURNS or name in self.FLIPS
        if turned or name in self.VIEWS:
            if args and id(args[0]) in self.named and isinstance(result, torch.Tensor):
                parameter, flipped = self.named[id(args[0])]
                if result is not args[0]:
                    self.named[id(result)] = (parameter, flipped != (turned and result.dim() == 2))
                    self.views.append(result)
        elif name not in self.LOOKS:
            self._note(func, name, args, kwargs)
        return result

    def _note(self, func: Any, name: str, args: Any, kwargs: dict[str, Any]) -> None:
        operands = list(enumerate(args))
        if name == "addmm":  # the bias comes first in it, and last in a layer
            operands = [*operands[1:], *operands[:1]]
        if name == "einsum" and len(args) == 2 and isinstance(args[1], (list, tuple)):
            operands = [(0, args[0]), *enumerate(args[1], 1)]
        named = sorted(kwargs.items(), key=lambda item: item[0] != "weight")
        for position, value in [*operands, *named]:
            if id(value) in self.named and not nn.parameter.is_lazy(value):
                parameter, flipped = self.named[id(value)]
                role = self._role(func, name, position, value, args, flipped)
                self.found.setdefault(id(parameter), (parameter, role))

    def _role(
        self, func: Any, name: str, position: Any, value: torch.Tensor, args: Any, flipped: bool
    ) -> str:
        one_dimensional = value.numel() == max(value.shape, default=1)
        if one_dimensional and (name in self.SUMS or (name == "addmm" and position == 0)):
            return "bias"
        if one_dimensional and name in self.FACTORS:
            return "scale"
        if name in self.NORMS and (position == "weight" or (func, position) == NATIVE_SCALE):
            return "scale"
        if value.dim() == 2:
            right = name in self.MATRIX_PRODUCTS and position == (2 if name == "addmm" else 1)
            if name == "einsum" and isinstance(args[0], str):
                inputs, _, output = args[0].replace(" ", "").partition("->")
                right = inputs.split(",")[position - 1][-1] in output
            return "transposed" if right != flipped else "weight"
        return "weight"


NATIVE_SCALE = (torch.batch_norm, 1)
TURNS = tuple(getattr(torch.Tensor, name).__get__ for name in ("T", "mT"))


def transplant(module: nn.Module, uses: _Uses, key: int) -> list[tuple[torch.Tensor, str]]:
    """Overwrite every parameter by formula; return them and their roles in the order of use.

    A weight of shape (a, b, ...) gets numbers of the size that keeps a signal's: uniform with the
    bound sqrt(6 / (a + b)), over the square root of the kernel's size. Scales are 1 + u / 2,
    biases u / 4.
    """
    ordered = list(uses.found.values())
    ordered += [(p, "weight") for p in module.parameters() if id(p) not in uses.found]
    with torch.no_grad():
        for position, (parameter, role) in enumerate(ordered, key):
            shape = tuple(parameter.shape)
            if role == "transposed":
                values = weights_by_formula(position, shape[::-1], weight_bound(shape)).T
                parameter.copy_(values)
            elif role == "scale":
                _overwrite(parameter, position, 0.5, 1.0)
            elif role == "weight" and len(shape) > 1:
                _overwrite(parameter, position, weight_bound(shape))
            else:
                _overwrite(parameter, position, 0.25)
    return ordered


def _overwrite(parameter: torch.Tensor, key: int, scale: float, offset: float = 0.0) -> None:
    """Give a parameter the formula's numbers, in its own memory where that can be written to."""
    plain = type(parameter) is nn.Parameter and parameter.is_contiguous()
    if plain and parameter.dtype == torch.float32 and parameter.device.type == "cpu":
        _fill(parameter.detach().numpy().reshape(-1), key, scale, offset)
    else:
        parameter.copy_(weights_by_formula(key, tuple(parameter.shape), scale, offset))


def weight_bound(shape: tuple[int, ...]) -> float:
    """Return the bound of uniform weights that keep a signal's size (Glorot and Bengio, 2010)."""
    kernel = float(np.prod(shape[2:]))
    return float(np.sqrt(6.0 / (shape[0] + shape[1]) / kernel))


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
    found = _gradients(loss, [x, *trained], name)
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


def _gradients(
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


def _padded(shape: tuple[int, ...], role: str) -> list[int]:
    """Return a weight's shape as torch's layers lay it out, with zeros behind it up to four."""
    laid_out = shape[::-1] if role == "transposed" else shape
    return [*laid_out, 0, 0, 0, 0][:4]


def first_that_runs(
    build: Callable[[int], Any],
    name: str,
    flat: np.ndarray,
    shapes: Sequence[tuple[int, ...]] = (),
) -> tuple[int, nn.Module, tuple[int, ...], _Uses]:
    """Find a batch size and an input shape that the network accepts.

    Returns the batch size, the network, the shape of one input, and the uses of its parameters.
    """
    first: Exception | None = None
    for batch in (BATCH, FULL_BATCH):
        with _Unfilled():
            module = module_from(build(batch), name)
        for shape in shapes or [flat.shape[1:]]:
            uses = _Uses(module)
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


# --- losses -----------------------------------------------------------------------------------


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
        found = _gradients(result.sum(), leaves, name)
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


# --- optimizers -------------------------------------------------------------------------------


def snapshot(parameters: list[nn.Parameter]) -> np.ndarray:
    """Return a copy of all parameters, one behind the other."""
    return np.concatenate([p.detach().numpy().reshape(-1) for p in parameters]).copy()

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
    seeded = _seeded(draw)
    if seeded is not None:
        arrays["seeded"] = seeded
    return arrays


def _seeded(draw: Callable[..., Any]) -> np.ndarray | None:
    """Tell whether equal seeds give equal noise and different ones other noise.

    None where the function takes no seed: 37 of 215 public submissions do without.
    """
    names = parameter_names(draw)
    known = [name for name in names if "seed" in name.lower()]
    if not known and "**" not in names:
        return None
    keyword = known[0] if known else "seed"
    one, two, other = (
        array_from(draw(4, 8, **{keyword: seed}), "sample_noise") for seed in (5, 5, 6)
    )
    found = np.array([_agree(one, two), _agree(one, other)])
    return None if not known and not found[0] else found  # a seed that ** swallows is no promise


def _agree(one: np.ndarray, two: np.ndarray) -> bool:
    return one.shape == two.shape and bool(np.array_equal(one, two))


def parameter_names(function: Callable[..., Any]) -> list[str]:
    """Return the names of a function's parameters; "*" and "**" stand for any number of them."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return [stars.get(p.kind, p.name) for p in parameters]


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
        turned = func in (torch.Tensor.T.__get__, torch.Tensor.mT.__get__) or name in self.FLIPS
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


def _first_that_runs(
    build: Callable[[int], Any], name: str, flat: np.ndarray
) -> tuple[int, nn.Module, tuple[int, ...], _Uses]:
    """Find a batch size and an input shape that the network accepts.

    Returns the batch size, the network, the shape of one input, and the uses of its parameters.
    """
    shapes = [(1, 28, 28), (784,)] if flat.shape[1] == 784 else [flat.shape[1:]]
    first: Exception | None = None
    for batch in (BATCH, FULL_BATCH):
        with _Unfilled():
            module = module_from(build(batch), name)
        for shape in shapes:
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
        squares += np.vdot(piece, piece)
        folded += piece.sum(0)
        second += float((piece @ row) @ np.cos(np.arange(start, start + len(piece))))
    rest = values[rows.size :].astype(np.float64)
    return np.array([np.sqrt(squares + np.vdot(rest, rest)), folded @ row, second])


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
    names = parameter_names(function)
    sized = [name for name in names if "seed" not in name.lower() and name != "**"]
    build = (lambda batch: function(batch)) if sized else (lambda batch: function())
    # With this key some scores are positive and some negative, so that an activation shows.
    return ask_network(build, "build_dc_classifier", images, 3140)


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
        found = _gradients(result.sum(), leaves, name)
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

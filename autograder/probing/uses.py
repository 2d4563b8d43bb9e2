"""The order in which a network computes with its parameters, and known weights put into them."""

from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from autograder.probing.formula import as_tensor, fill, formula, weight_bound, weights_by_formula


def _zeroed(tensor: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return tensor.zero_()


class Unfilled(TorchFunctionMode):
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


class SameDropout(TorchFunctionMode):
    """Let a dropout leave out what a formula says: random numbers differ from release to release."""

    KEY = 77  # of the formula
    NAMES = ("dropout", "dropout1d", "dropout2d", "dropout3d")

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if getattr(func, "__name__", "") not in self.NAMES or func is torch.dropout:
            return func(*args, **kwargs)
        given = dict(zip(("input", "p", "training"), args)) | kwargs
        x, p = given["input"], given.get("p", 0.5)
        if not given.get("training", True) or not 0 < p < 1:
            return func(*args, **kwargs)
        whole = func is nn.functional.dropout  # else a channel at a time
        shape = tuple(x.shape) if whole else (*x.shape[:2], *[1] * (x.dim() - 2))
        kept = as_tensor((formula(self.KEY, shape) + 1) / 2 > p)
        return x * (kept / (1 - p)).to(x.dtype)


class Uses(TorchFunctionMode):
    """Record parameters in the order in which a forward pass computes with them, and how.

    `found` maps id(parameter) to (parameter, role). Roles: "weight", laid out as torch's layers do;
    "transposed", a matrix laid out the other way; "bias"; "scale", a normalization's factor. Views and
    casts of a parameter count as the parameter; looking at its shape or device is no use of it.
    """

    MATRIX_PRODUCTS = ("matmul", "__matmul__", "__rmatmul__", "mm", "addmm")
    SUMS = ("add", "__add__", "__radd__", "add_", "__iadd__")
    FACTORS = ("mul", "__mul__", "__rmul__", "mul_", "__imul__", "multiply")
    NORMS = ("batch_norm", "layer_norm", "group_norm", "instance_norm")
    RECURRENT = ("lstm", "gru", "rnn_tanh", "rnn_relu")
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
        elif name in self.RECURRENT:  # all weights of the module come in one list
            lists = [value for value in args if isinstance(value, (list, tuple))]
            operands = [(-1, value) for values in lists for value in values]
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


def transplant(module: nn.Module, uses: Uses, key: int) -> list[tuple[torch.Tensor, str]]:
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
        fill(parameter.detach().numpy().reshape(-1), key, scale, offset)
    else:
        parameter.copy_(weights_by_formula(key, tuple(parameter.shape), scale, offset))
